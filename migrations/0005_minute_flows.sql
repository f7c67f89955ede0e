CREATE TABLE "minute_flows" (
	"market" text NOT NULL,
	"instrument" text NOT NULL,
	"contract" integer NOT NULL,
	"time" bigint NOT NULL,
	"buy" double precision NOT NULL,
	"sell" double precision NOT NULL,
	"basis" text NOT NULL,
	"levels" jsonb NOT NULL,
	"after" bigint,
	CONSTRAINT "minute_flows_market_instrument_contract_time_pk" PRIMARY KEY("market","instrument","contract","time")
);
