CREATE TABLE "champions" (
	"market" text NOT NULL,
	"instrument" text NOT NULL,
	"strategy" text NOT NULL,
	"from_date" date NOT NULL,
	"parameters" jsonb NOT NULL,
	"study" text NOT NULL,
	"words" text NOT NULL,
	"decided_at" bigint NOT NULL,
	CONSTRAINT "champions_market_instrument_strategy_from_date_pk" PRIMARY KEY("market","instrument","strategy","from_date")
);
--> statement-breakpoint
CREATE TABLE "night_papers" (
	"market" text NOT NULL,
	"trade_date" date NOT NULL,
	"kind" text NOT NULL,
	"made_at" bigint NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "night_papers_market_trade_date_kind_pk" PRIMARY KEY("market","trade_date","kind")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" text PRIMARY KEY NOT NULL,
	"market" text NOT NULL,
	"spec" jsonb NOT NULL,
	"report" json NOT NULL,
	"summary" jsonb NOT NULL,
	"made_at" bigint NOT NULL,
	"night" date
);
--> statement-breakpoint
CREATE TABLE "studies" (
	"id" text PRIMARY KEY NOT NULL,
	"market" text NOT NULL,
	"spec" jsonb NOT NULL,
	"state" text NOT NULL,
	"asked_at" bigint NOT NULL,
	"ended_at" bigint,
	"night" date,
	"result" json,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "trials" (
	"study" text NOT NULL,
	"number" integer NOT NULL,
	"parameters" jsonb NOT NULL,
	"days" "bytea" NOT NULL,
	CONSTRAINT "trials_study_number_pk" PRIMARY KEY("study","number")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "night" date;--> statement-breakpoint
CREATE INDEX "reports_newest" ON "reports" USING btree ("market","made_at");--> statement-breakpoint
CREATE INDEX "studies_newest" ON "studies" USING btree ("market","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_once_a_night" ON "runs" USING btree ("market","job","night") WHERE "runs"."state" = 'done' and "runs"."night" is not null;