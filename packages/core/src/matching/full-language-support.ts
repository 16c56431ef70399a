import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { Converter } from 'opencc-js/t2cn'
import { pinyin } from 'pinyin-pro'
import type { LanguageSupport } from './language-support.js'

let simplifier: ((text: string) => string) | undefined

/** Language support from libphonenumber, OpenCC and pinyin-pro: about 230 KiB, so not for a page. */
export const fullLanguageSupport: LanguageSupport = {
  e164(phone, country) {
    const number = parsePhoneNumberFromString(phone, country as CountryCode | undefined)
    return number?.isValid() ? number.number : undefined
  },
  nameSyllables: (name) => pinyin(name, { toneType: 'none', type: 'array', surname: 'head', v: true }),
  textSyllables: (text) => pinyin(text, { toneType: 'none', type: 'array', v: true }),
  simplify(text) {
    simplifier ??= Converter({ from: 'tw', to: 'cn' })
    return simplifier(text)
  },
}
