CREATE TABLE "alerts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "alerts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"market" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"instrument" text,
	"at" bigint NOT NULL,
	"text" text NOT NULL,
	"acknowledged_at" bigint,
	CONSTRAINT "alerts_key" UNIQUE("market","key")
);
--> statement-breakpoint
CREATE TABLE "bars" (
	"market" text NOT NULL,
	"instrument" text NOT NULL,
	"contract" integer NOT NULL,
	"time" bigint NOT NULL,
	"open" double precision NOT NULL,
	"high" double precision NOT NULL,
	"low" double precision NOT NULL,
	"close" double precision NOT NULL,
	"volume" double precision NOT NULL,
	"source" text NOT NULL,
	"finality" smallint NOT NULL,
	"as_of" bigint NOT NULL,
	CONSTRAINT "bars_market_instrument_contract_time_pk" PRIMARY KEY("market","instrument","contract","time"),
	CONSTRAINT "bars_whole_minute" CHECK ("bars"."time" % 60000 = 0)
);
--> statement-breakpoint
CREATE TABLE "card_transitions" (
	"market" text NOT NULL,
	"stored_order" bigint GENERATED ALWAYS AS IDENTITY (sequence name "card_transitions_stored_order_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"card_id" text NOT NULL,
	"to_state" text NOT NULL,
	"instrument" text NOT NULL,
	"trade_date" date NOT NULL,
	"side" text NOT NULL,
	"from_state" text NOT NULL,
	"at" bigint NOT NULL,
	"price" double precision NOT NULL,
	"cause" text,
	CONSTRAINT "card_transitions_market_card_id_at_to_state_pk" PRIMARY KEY("market","card_id","at","to_state")
);
--> statement-breakpoint
CREATE TABLE "plan_versions" (
	"market" text NOT NULL,
	"trade_date" date NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"previous_hash" text,
	"drawn_at" bigint NOT NULL,
	"reason" text NOT NULL,
	"cards" json NOT NULL,
	CONSTRAINT "plan_versions_market_trade_date_version_pk" PRIMARY KEY("market","trade_date","version"),
	CONSTRAINT "plan_versions_hash" UNIQUE("market","trade_date","hash")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"market" text NOT NULL,
	"job" text NOT NULL,
	"state" text NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"lease_until" bigint NOT NULL,
	"progress" real DEFAULT 0 NOT NULL,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "alerts_newest" ON "alerts" USING btree ("market","at","id");--> statement-breakpoint
CREATE INDEX "alerts_order" ON "alerts" USING btree ("market","id");--> statement-breakpoint
CREATE INDEX "card_transitions_day" ON "card_transitions" USING btree ("market","trade_date");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_lock" ON "runs" USING btree ("market","job") WHERE "runs"."state" = 'running';--> statement-breakpoint
CREATE INDEX "runs_newest" ON "runs" USING btree ("market","started_at");