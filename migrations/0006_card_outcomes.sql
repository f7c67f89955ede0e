CREATE TABLE "card_outcomes" (
	"market" text NOT NULL,
	"code_version" text NOT NULL,
	"card_id" text NOT NULL,
	"instrument" text NOT NULL,
	"trade_date" date NOT NULL,
	"side" text NOT NULL,
	"quality" double precision NOT NULL,
	"components" jsonb NOT NULL,
	"grade" text,
	"drawn_at" bigint NOT NULL,
	"entered_at" bigint,
	"ended_at" bigint NOT NULL,
	"ended_as" text NOT NULL,
	"won" boolean NOT NULL,
	"r" double precision,
	"lived" boolean NOT NULL,
	CONSTRAINT "card_outcomes_market_code_version_card_id_pk" PRIMARY KEY("market","code_version","card_id")
);
--> statement-breakpoint
CREATE TABLE "permutation_days" (
	"market" text NOT NULL,
	"code_version" text NOT NULL,
	"trade_date" date NOT NULL,
	"n" integer NOT NULL,
	"auc" double precision NOT NULL,
	"p" double precision NOT NULL,
	"runs" integer NOT NULL,
	CONSTRAINT "permutation_days_market_code_version_trade_date_pk" PRIMARY KEY("market","code_version","trade_date")
);
--> statement-breakpoint
CREATE TABLE "shadow_dates" (
	"market" text NOT NULL,
	"code_version" text NOT NULL,
	"instrument" text NOT NULL,
	"trade_date" date NOT NULL,
	"cards" integer NOT NULL,
	CONSTRAINT "shadow_dates_market_code_version_instrument_trade_date_pk" PRIMARY KEY("market","code_version","instrument","trade_date")
);
--> statement-breakpoint
CREATE INDEX "card_outcomes_day" ON "card_outcomes" USING btree ("market","code_version","trade_date");