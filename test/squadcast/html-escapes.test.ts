import test from 'ava'
import { htmlDecoded } from '../../src/squadcast/html-escapes.ts'

for (const [text, decoded] of [
  ['&lt;a href=&#34;x&#34;&gt; &#39;q&#39; &#43;1 &amp; &quot;', '<a href="x"> \'q\' +1 & "'],
  ['&amp;lt; &amp;#43;', '&lt; &#43;'],
  ['&#x5B;x&#X5d;', '[x]'],
  ['&#128512; &#x1F600;', '😀 😀'],
  ['&#1114112; &#; &copy; &lt &#99999999;', '&#1114112; &#; &copy; &lt &#99999999;'],
] as const) {
  test(`${text} was ${decoded}`, t => t.is(htmlDecoded(text), decoded))
}
