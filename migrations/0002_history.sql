CREATE TABLE "coverage" (
	"market" text NOT NULL,
	"instrument" text NOT NULL,
	"contract" integer NOT NULL,
	"trade_date" date NOT NULL,
	"expected" integer NOT NULL,
	"present" integer NOT NULL,
	"partial" integer NOT NULL,
	"silent" integer NOT NULL,
	"holes" jsonb NOT NULL,
	"off_hours" integer NOT NULL,
	"off_grid" integer NOT NULL,
	"outliers" integer NOT NULL,
	"duplicates" integer NOT NULL,
	"sources" jsonb NOT NULL,
	"asked_to" bigint NOT NULL,
	"source" text,
	"checked_at" bigint NOT NULL,
	CONSTRAINT "coverage_market_instrument_contract_trade_date_pk" PRIMARY KEY("market","instrument","contract","trade_date")
);
--> statement-breakpoint
CREATE TABLE "gaps" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "gaps_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"market" text NOT NULL,
	"instrument" text NOT NULL,
	"contract" integer NOT NULL,
	"from_time" bigint NOT NULL,
	"to_time" bigint NOT NULL,
	"reason" text NOT NULL,
	"found_at" bigint NOT NULL,
	"filled_at" bigint,
	"bars" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rolls" (
	"market" text NOT NULL,
	"instrument" text NOT NULL,
	"trade_date" date NOT NULL,
	"contract" integer NOT NULL,
	"reason" text NOT NULL,
	"volumes" jsonb,
	"decided_at" bigint NOT NULL,
	CONSTRAINT "rolls_market_instrument_trade_date_pk" PRIMARY KEY("market","instrument","trade_date")
);
--> statement-breakpoint
CREATE INDEX "gaps_newest" ON "gaps" USING btree ("market","found_at");--> statement-breakpoint
CREATE INDEX "gaps_open" ON "gaps" USING btree ("market","instrument","contract") WHERE "gaps"."filled_at" is null;