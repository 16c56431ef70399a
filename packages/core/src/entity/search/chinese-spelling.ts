import { Converter } from 'opencc-js/t2cn'
import { pinyin } from 'pinyin-pro'

const simplify = Converter({ from: 'tw', to: 'cn' })

/** Chinese text in simplified characters. */
export function simplified(text: string): string {
  return simplify(text)
}

/**
 * How Chinese text sounds, without tones, as people type it: of a name `li xiaoming`, `lixiaoming` and `lxm`; of other text without
 * the first. `ü` is typed as `v` or as `u`, so both are there.
 */
export function spokenForms(text: string, as: 'name' | 'text'): string[] {
  const han = text.replace(/[^\p{Script=Han}]/gu, '')
  const syllables = pinyin(han, {
    toneType: 'none',
    type: 'array',
    v: true,
    ...(as === 'name' && { surname: 'head' as const }),
  })
  if (syllables.length < 2) return withU(syllables)
  const [surname = '', ...given] = syllables
  const forms = [syllables.join(''), syllables.map((syllable) => syllable.slice(0, 1)).join('')]
  return withU(as === 'name' ? [`${surname} ${given.join('')}`, ...forms] : forms)
}

function withU(forms: readonly string[]): string[] {
  return forms.flatMap((form) => (form.includes('v') ? [form, form.replaceAll('v', 'u')] : [form]))
}
