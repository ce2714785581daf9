// Texts for other languages, as Go's html, js and urlquery write them. Pure.

const OF_HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

export const forHtml = (text: string): string => text.replace(/[\0"'&<>]/g, found => OF_HTML[found]!)

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0')

export const forJavaScript = (text: string): string =>
  text
    .replace(/[\\'"]/g, found => `\\${found}`)
    .replace(/[<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, found => `\\u${hex(found.codePointAt(0)!)}`)

export const forUrl = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
