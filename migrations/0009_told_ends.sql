ALTER TABLE "commands" ADD COLUMN "told_end" text;--> statement-breakpoint
-- What ended before is past: told now it would stand in the log at a time at which it did not happen.
UPDATE "commands" SET "told_end" = "state" WHERE "state" IN ('done', 'failed', 'unknown');
