CREATE TABLE "accounts" (
	"book" text NOT NULL,
	"name" text NOT NULL,
	"alias" text NOT NULL,
	"kind" text NOT NULL,
	"firm" text NOT NULL,
	"rules" jsonb NOT NULL,
	"commission" text NOT NULL,
	"anchor_balance" bigint NOT NULL,
	"anchor_at" bigint NOT NULL,
	"peak" bigint,
	"watched" boolean NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "accounts_book_name_pk" PRIMARY KEY("book","name")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"number" bigint PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"kind" text NOT NULL,
	"who" text NOT NULL,
	"body" json NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_log_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "bridge_batches" (
	"bridge" text NOT NULL,
	"boot" text NOT NULL,
	"batch" bigint NOT NULL,
	"digest" text NOT NULL,
	"answer" jsonb NOT NULL,
	"received_at" bigint NOT NULL,
	CONSTRAINT "bridge_batches_bridge_boot_batch_pk" PRIMARY KEY("bridge","boot","batch")
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"number" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "commands_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book" text NOT NULL,
	"bridge" text NOT NULL,
	"body" jsonb NOT NULL,
	"issued_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"changed_at" bigint NOT NULL,
	"asked_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "equity_peaks" (
	"book" text NOT NULL,
	"account" text NOT NULL,
	"trade_date" date NOT NULL,
	"peak" bigint NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "equity_peaks_book_account_trade_date_pk" PRIMARY KEY("book","account","trade_date")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"stored_order" bigint GENERATED ALWAYS AS IDENTITY (sequence name "executions_stored_order_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book" text NOT NULL,
	"account" text NOT NULL,
	"execution_id" text NOT NULL,
	"order_id" text NOT NULL,
	"order_name" text NOT NULL,
	"instrument" text NOT NULL,
	"contract" integer NOT NULL,
	"side" text NOT NULL,
	"quantity" integer NOT NULL,
	"price" double precision NOT NULL,
	"at" bigint NOT NULL,
	"commission" bigint,
	"received_at" bigint NOT NULL,
	CONSTRAINT "executions_book_account_execution_id_pk" PRIMARY KEY("book","account","execution_id"),
	CONSTRAINT "executions_quantity" CHECK ("executions"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "lockouts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lockouts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book" text NOT NULL,
	"account" text NOT NULL,
	"from_time" bigint NOT NULL,
	"until_time" bigint NOT NULL,
	"reason" text NOT NULL,
	"seal" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_events" (
	"stored_order" bigint GENERATED ALWAYS AS IDENTITY (sequence name "platform_events_stored_order_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book" text NOT NULL,
	"id" text NOT NULL,
	"bridge" text NOT NULL,
	"kind" text NOT NULL,
	"at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "platform_events_book_id_pk" PRIMARY KEY("book","id")
);
--> statement-breakpoint
CREATE INDEX "commands_bridge" ON "commands" USING btree ("bridge","number");--> statement-breakpoint
CREATE INDEX "executions_order" ON "executions" USING btree ("book","account","stored_order");--> statement-breakpoint
CREATE INDEX "lockouts_newest" ON "lockouts" USING btree ("book","until_time");--> statement-breakpoint
CREATE INDEX "platform_events_order" ON "platform_events" USING btree ("book","kind","stored_order");