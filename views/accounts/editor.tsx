import type { Child } from 'hono/jsx'
import type { FirmPreset } from '#src/domain/risk/firm-rules.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { CheckField, ChoiceField, type Filled, fill, LinesField, TextField } from '../parts/field.tsx'
import { elementId } from '../parts/id.ts'
import type { Outcome } from '../parts/notice.tsx'
import { KindTag } from '../parts/tag.tsx'
import { writeAccount, writeRules } from './written.ts'

/** An account with what its plan would have made of the trader's last days, in words. */
export type EditedAccount = { readonly account: Account; readonly preview?: string }

type EditorProps = EditedAccount & {
  presets: readonly FirmPreset[]
  /** A plan chosen and not saved yet: its rules fill the fields. */
  draft?: FirmPreset | undefined
  outcome?: Outcome | undefined
}

const presetName = ({ firm, plan }: FirmPreset): string => `${firm} ${plan}`

const Source = ({ preset }: { preset: FirmPreset }) => (
  <p class="text-quiet">
    {presetName(preset)}: from {preset.source}, in force since {preset.effectiveFrom}, checked {preset.verifiedOn}.
    Check it with the firm.
    {preset.doubts?.map((doubt) => (
      <span class="text-warn"> {doubt}</span>
    ))}
  </p>
)

/** Reads the page again with the chosen plan's rules in the fields; nothing is kept until the form is saved. */
const Presets = ({
  account,
  presets,
  chosen,
}: {
  account: Account
  presets: readonly FirmPreset[]
  chosen: FirmPreset | undefined
}) => (
  <form method="get" action={`/accounts#${elementId('edit', account.name)}`} class="preset">
    <input type="hidden" name="account" value={account.name} />
    <label class="field">
      <span>Plan</span>
      <span>
        <select name="preset">
          {!chosen && <option value="">own rules</option>}
          {presets.map((preset) => (
            <option value={preset.id} selected={preset.id === chosen?.id}>
              {presetName(preset)}
            </option>
          ))}
        </select>{' '}
        <button type="submit" class="quiet-button">
          fill in its rules
        </button>
      </span>
    </label>
    {chosen && <Source preset={chosen} />}
  </form>
)

const Group = ({ title, children }: { title: string; children: Child }) => (
  <fieldset>
    <legend>{title}</legend>
    {children}
  </fieldset>
)

const kinds = { SIM: 'SIM, simulated', EVAL: 'EVAL, evaluation', FUNDED: 'FUNDED', PAPER: 'PAPER' }
const commissions = { settings: 'our fees, from Settings', platform: 'what the platform charges' }
const drawdowns = {
  static: 'static, from the start',
  'trailing-eod': 'trailing, by each day’s close',
  'trailing-intraday': 'trailing, at every moment',
}
const locks = { start: 'at the start balance', 'start-plus': 'at the start plus an amount', never: 'never' }
const bases = { equity: 'open and closed trades', balance: 'closed trades only' }
const modes = { 'soft-lock': 'no entries until the reset', breach: 'the account is lost' }
const scopes = { evaluation: 'in the evaluation', payout: 'at payout' }

const Identity = ({ filled }: { filled: Filled }) => (
  <Group title="Account">
    <TextField filled={filled} name="alias" label="Name on the screen" />
    <ChoiceField filled={filled} name="kind" label="Kind" options={kinds} />
    <CheckField filled={filled} name="watched" label="Watched: counts in the day and in the gate" />
    <ChoiceField filled={filled} name="commission" label="Net by" options={commissions} />
    <TextField filled={filled} name="anchor.balance" label="Balance to count from" unit="$" />
    <TextField filled={filled} name="anchor.at" label="as it was at" unit="ET" placeholder="2026-11-20 09:00" />
    <TextField
      filled={filled}
      name="peak"
      label="Highest equity, if the firm saw more"
      unit="$"
      placeholder="unknown"
    />
  </Group>
)

const Limits = ({ filled }: { filled: Filled }) => (
  <>
    <Group title="Drawdown">
      <TextField filled={filled} name="startBalance" label="Start balance" unit="$" />
      <ChoiceField filled={filled} name="drawdown.kind" label="Floor" options={drawdowns} />
      <TextField filled={filled} name="drawdown.amount" label="Below the peak by" unit="$" />
      <ChoiceField filled={filled} name="drawdown.lockAt" label="Stops rising" options={locks} />
      <TextField filled={filled} name="drawdown.lockOffset" label="that amount" unit="$" />
      <CheckField filled={filled} name="drawdown.includesOpen" label="Open profit raises the peak" />
      <CheckField filled={filled} name="drawdown.checkedIntraday" label="Touching it within the day is enough" />
    </Group>
    <Group title="Daily loss">
      <TextField filled={filled} name="dailyLoss.amount" label="At most" unit="$" placeholder="no rule" />
      <ChoiceField filled={filled} name="dailyLoss.basis" label="Counts" options={bases} />
      <ChoiceField filled={filled} name="dailyLoss.mode" label="Then" options={modes} />
      <TextField filled={filled} name="dailyLoss.time" label="Starts anew at" placeholder="18:00" />
      <TextField filled={filled} name="dailyLoss.zone" label="in the zone" />
    </Group>
  </>
)

const Size = ({ filled }: { filled: Filled }) => (
  <Group title="Size and hours">
    <TextField filled={filled} name="maxContracts.mini" label="Most minis" />
    <TextField filled={filled} name="maxContracts.microsPerMini" label="Micros to a mini" />
    <LinesField filled={filled} name="maxContracts.scaling" label="By profit: a line each, $ and minis" />
    <TextField filled={filled} name="flatBy.time" label="Flat by" placeholder="no rule" />
    <TextField filled={filled} name="flatBy.zone" label="in the zone" />
    <CheckField filled={filled} name="overnightAllowed" label="Holding overnight is allowed" />
    <CheckField filled={filled} name="automationAllowed" label="Orders by a program are allowed" />
    <TextField filled={filled} name="maxExecutionsPerDay" label="Most executions a day" placeholder="no rule" />
  </Group>
)

const Passing = ({ filled }: { filled: Filled }) => (
  <Group title="Target, payout, news">
    <TextField filled={filled} name="profitTarget" label="Profit target" unit="$" placeholder="no rule" />
    <TextField filled={filled} name="minDays" label="Least trading days" placeholder="no rule" />
    <TextField
      filled={filled}
      name="consistency.percent"
      label="Best day at most, of the profit"
      unit="%"
      placeholder="no rule"
    />
    <ChoiceField filled={filled} name="consistency.scope" label="asked" options={scopes} />
    <TextField filled={filled} name="payoutBuffer" label="Buffer before a payout" unit="$" placeholder="no rule" />
    <TextField filled={filled} name="news.events" label="News to stay out of" placeholder="none" />
    <TextField filled={filled} name="news.minutesBefore" label="minutes before" />
    <TextField filled={filled} name="news.minutesAfter" label="minutes after" />
  </Group>
)

/** One account with its rules, as a plain form behind its name. */
export const Editor = ({ account, preview, presets, draft, outcome }: EditorProps) => {
  const own = writeAccount(account)
  const wanted = draft ? { ...own, ...writeRules(draft.rules), firm: draft.id } : own
  const filled = fill(account.name, wanted, outcome)
  const firm = filled.values['firm']
  const open = draft !== undefined || (outcome && 'form' in outcome && outcome.form === account.name)
  return (
    <details id={elementId('edit', account.name)} class="box editor" open={open}>
      <summary>
        <b>{account.alias}</b> <KindTag kind={account.kind} /> <span class="text-quiet">{account.name}</span>
        {preview && <span class="preview">{preview}</span>}
      </summary>
      <Presets account={account} presets={presets} chosen={presets.find(({ id }) => id === firm)} />
      <form method="post" action={`/accounts/${encodeURIComponent(account.name)}`}>
        <input type="hidden" name="firm" value={firm} />
        <div class="groups">
          <Identity filled={filled} />
          <Limits filled={filled} />
          <Size filled={filled} />
          <Passing filled={filled} />
        </div>
        <p class="save">
          <button type="submit" class="button">
            {draft ? `Save ${account.alias} with ${presetName(draft)}` : `Save ${account.alias}`}
          </button>
          <span class="text-quiet">
            Takes effect at once. A rule cannot be loosened while it locks you out; what holds or traded today is
            watched until the next trade date.
          </span>
          {account.unwatchedFrom && <span class="text-warn">Not watched from trade date {account.unwatchedFrom}.</span>}
        </p>
      </form>
    </details>
  )
}
