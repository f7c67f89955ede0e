import type { Child } from 'hono/jsx'
import { refusalWords } from '../words.ts'
import { elementId } from './id.ts'
import type { Outcome } from './notice.tsx'

/** What a form's fields show, and which of them was refused. */
export type Filled = {
  /** Distinguishes the fields of one form from those of the next. */
  readonly form: string
  readonly values: Readonly<Record<string, string>>
  readonly outcome?: Outcome | undefined
}

/** What a form shows: what was typed where it was refused, else the values given. */
export const fill = (form: string, values: Filled['values'], outcome: Outcome | undefined): Filled => {
  const typed = outcome && 'form' in outcome && outcome.form === form ? outcome.typed : undefined
  return { form, values: typed ?? values, outcome }
}

const filledIn = ({ values }: Filled, name: string): string => values[name] ?? ''

/** Why this field was refused, if it was. */
const refusalOf = ({ form, outcome }: Filled, name: string): string | undefined => {
  if (outcome === undefined || 'saved' in outcome) return undefined
  return outcome.form === form && outcome.field === name ? refusalWords(outcome.reason) : undefined
}

type Control = { id: string; name: string; 'aria-invalid'?: 'true'; 'aria-describedby'?: string }

type LabeledProps = {
  label: string
  unit?: string | undefined
  filled: Filled
  name: string
  children: (control: Control) => Child
}

/** A label with its control, and beside it why it was refused. */
const Labeled = ({ label, unit, filled, name, children }: LabeledProps) => {
  const id = elementId(filled.form, name)
  const wrong = refusalOf(filled, name)
  return (
    <label class="field" for={id}>
      <span>{label}</span>
      <span>
        {children({
          id,
          name,
          ...(wrong !== undefined && { 'aria-invalid': 'true', 'aria-describedby': `${id}-refused` }),
        })}
        <small class="unit">{unit}</small>
        {wrong !== undefined && (
          <strong id={`${id}-refused`} class="refused">
            {wrong}
          </strong>
        )}
      </span>
    </label>
  )
}

type FieldProps = { filled: Filled; name: string; label: string; unit?: string; placeholder?: string }

/** One line of text; numbers too, so that a wrong one is refused in words and not swallowed by the browser. */
export const TextField = ({ filled, name, label, unit, placeholder }: FieldProps) => (
  <Labeled label={label} unit={unit} filled={filled} name={name}>
    {(control) => (
      <input
        {...control}
        value={filledIn(filled, name)}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
      />
    )}
  </Labeled>
)

/** Several lines. */
export const LinesField = ({ filled, name, label, unit, placeholder }: FieldProps) => (
  <Labeled label={label} unit={unit} filled={filled} name={name}>
    {(control) => (
      <textarea {...control} rows={2} placeholder={placeholder}>
        {filledIn(filled, name)}
      </textarea>
    )}
  </Labeled>
)

/** One of a few words. */
export const ChoiceField = ({
  filled,
  name,
  label,
  options,
}: FieldProps & { options: Readonly<Record<string, string>> }) => (
  <Labeled label={label} filled={filled} name={name}>
    {(control) => (
      <select {...control}>
        {Object.entries(options).map(([value, words]) => (
          <option value={value} selected={value === filledIn(filled, name)}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Labeled>
)

/** Yes or nothing. */
export const CheckField = ({ filled, name, label }: FieldProps) => (
  <Labeled label={label} filled={filled} name={name}>
    {(control) => <input {...control} type="checkbox" value="yes" checked={filledIn(filled, name) === 'yes'} />}
  </Labeled>
)
