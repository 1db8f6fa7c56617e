package jsonfile_test

import (
	"strings"

	"github.com/aiosai/aipass-exporter/internal/jsonfile"
)

// document is a row of the table that says what is JSON to Python. The table
// feeds the decoder's tests, Python itself and the fuzzer.
type document struct {
	name, text string
	want       error // nil if Python reads it
}

const (
	bufferSize = 32 << 10 // how much a Decoder reads at a time
	maxText    = 4 << 10  // how much of a string it keeps
	maxDepth   = 1000
)

var (
	refused = jsonfile.ErrMalformed
	lone    = jsonfile.ErrLoneSurrogate
	notUTF8 = jsonfile.ErrNotUTF8
)

var documents = []document{
	{"empty file", "", refused},
	{"white space only", " \n\t\r\n", refused},
	{"white space around", "\r\n\t [ 1 ,\t2\r\n] \n", nil},
	{"form feed is no white space", "\f1", refused},
	{"no-break space is no white space", "\u00a01", refused},
	{"byte order mark", "\ufeff{}", refused},
	{"NUL after the document", "{}\x00", refused},
	{"trailing data", "{} {}", refused},
	{"trailing comma after the document", "{},", refused},
	{"surplus bracket", "[]]", refused},
	{"wrong bracket", `{"a": [1}`, refused},

	{"null", "null", nil},
	{"true", "true", nil},
	{"false", "false", nil},
	{"capital True", "True", refused},
	{"None", "None", refused},
	{"cut keyword", "tru", refused},
	{"misspelt keyword", "nul1", refused},
	{"keyword that goes on", "nulll", refused},

	{"zero", "0", nil},
	{"minus zero", "-0", nil},
	{"zero as a float", "0.0", nil},
	{"zero to a power", "0e5", nil},
	{"minus one", "-1", nil},
	{"exponents", "[1e5, 1E5, 1e+5, 1e-5, 0.10e01]", nil},
	{"big integer", strings.Repeat("9", 400), nil},
	{"longest integer", "-" + strings.Repeat("9", 4300), nil},
	{"too long an integer", strings.Repeat("9", 4301), refused},
	{"longer float", strings.Repeat("9", 4301) + ".0", nil},
	{"too big a float", "[1e999, -1e999]", nil},
	{"too small a float", "[1e-999, -1e-999]", nil},
	{"smallest float", "5e-324", nil},
	{"NaN", "NaN", nil},
	{"Infinity", "Infinity", nil},
	{"minus Infinity", "-Infinity", nil},
	{"minus NaN", "-NaN", refused},
	{"lower case nan", "nan", refused},
	{"lower case infinity", "infinity", refused},
	{"cut Infinity", "Inf", refused},
	{"numbers with names in a list", "[NaN,Infinity,-Infinity]", nil},
	{"leading zero", "01", refused},
	{"leading zero after minus", "-01", refused},
	{"leading plus", "+1", refused},
	{"leading point", ".5", refused},
	{"trailing point", "1.", refused},
	{"point before exponent", "1.e5", refused},
	{"two points", "1.2.3", refused},
	{"exponent without digits", "1e", refused},
	{"exponent with a sign only", "1e+", refused},
	{"lone minus", "-", refused},
	{"minus and a space", "- 1", refused},
	{"hexadecimal", "0x10", refused},
	{"underscore in a number", "1_000", refused},
	{"arabic digits", "١", refused},

	{"empty string", `""`, nil},
	{"escapes", `"\" \\ \/ \b \f \n \r \t \u0041 \u00e9 \u20AC"`, nil},
	{"NUL by escape", `"\u0000"`, nil},
	{"replacement character", `"\ufffd ` + "\ufffd\"", nil},
	{"unknown escape", `"\a"`, refused},
	{"escaped single quote", `"\'"`, refused},
	{"capital U escape", `"\U0041"`, refused},
	{"short escape", `"\u12"`, refused},
	{"escape that is not hexadecimal", `"\u12g4"`, refused},
	{"escape with a sign", `"\u+123"`, refused},
	{"escaped end", `"\"`, refused},
	{"cut string", `"abc`, refused},
	{"cut after a backslash", `"\`, refused},
	{"single quotes", `'abc'`, refused},
	{"control character", "\"a\x1fb\"", refused},
	{"newline in a string", "\"a\nb\"", refused},
	{"tab in a string", "\"a\tb\"", refused},
	{"delete is no control character", "\"\x7f\"", nil},
	{"line separators", "\"\u0085\u2028\u2029\"", nil},
	{"runes of every width", "\"a é € 🦉\"", nil},
	{"noncharacters", "\"\ufdd0 \uffff \U0010ffff\"", nil},

	{"byte that is not UTF-8", "\"\xff\"", notUTF8},
	{"Latin-1", "\"caf\xe9\"", notUTF8},
	{"lone continuation byte", "\"\x80\"", notUTF8},
	{"cut rune before a quote", "\"\xe2\x82\"", notUTF8},
	{"cut rune at the end", "\"\xf0\x9f\xa6", notUTF8},
	{"overlong solidus", "\"\xc0\xaf\"", notUTF8},
	{"overlong euro", "\"\xf0\x82\x82\xac\"", notUTF8},
	{"encoded surrogate", "\"\xed\xa0\xbd\"", notUTF8},
	{"encoded surrogate pair", "\"\xed\xa0\xbd\xed\xb8\x80\"", notUTF8},
	{"beyond Unicode", "\"\xf4\x90\x80\x80\"", notUTF8},
	{"not UTF-8 between values", "[1\xff]", refused},
	{"not UTF-8 in a name", "{\"\xff\": 1}", notUTF8},

	{"surrogate pair", `"\ud83e\udd89"`, nil},
	{"surrogate pair in capitals", `"\uD83E\uDD89"`, nil},
	{"first and last pair", `"\ud800\udc00\udbff\udfff"`, nil},
	{"lone high surrogate", `"\ud83d"`, lone},
	{"lone high surrogate and text", `"\ud83d!"`, lone},
	{"lone high surrogate and newline", `"\ud83d\n"`, lone},
	{"lone high surrogate and other escape", `"\ud83d\u0041"`, lone},
	{"lone low surrogate", `"\ude00"`, lone},
	{"two high surrogates", `"\ud83d\ud83d"`, lone},
	{"two high surrogates and a low one", `"\ud83d\ud83d\ude00"`, lone},
	{"pair in the wrong order", `"\ude00\ud83d"`, lone},
	{"lone surrogate in a name", `{"\udfff": 1}`, lone},
	{"high surrogate and a cut escape", `"\ud83d\u00"`, refused},
	{"backslash before what looks like a surrogate", `"\\ud83d"`, nil},

	{"empty list", "[]", nil},
	{"empty list with a space", "[ ]", nil},
	{"nested lists", "[[],[[]],1]", nil},
	{"trailing comma in a list", "[1,]", refused},
	{"leading comma in a list", "[,1]", refused},
	{"two commas in a list", "[1,,2]", refused},
	{"no comma in a list", "[1 2]", refused},
	{"open list", "[1", refused},
	{"open list after a comma", "[1,", refused},

	{"empty object", "{}", nil},
	{"members", `{"a": 1, "b": {"c": [null, true]}, "": ""}`, nil},
	{"duplicate keys", `{"a": 1, "a": [2], "a": "3"}`, nil},
	{"trailing comma in an object", `{"a": 1,}`, refused},
	{"no comma in an object", `{"a": 1 "b": 2}`, refused},
	{"no colon", `{"a" 1}`, refused},
	{"no value", `{"a":}`, refused},
	{"no name", `{: 1}`, refused},
	{"name without quotes", `{a: 1}`, refused},
	{"number as a name", `{1: 1}`, refused},
	{"open object", `{"a": 1`, refused},
	{"object cut after a name", `{"a"`, refused},
	{"object cut after a colon", `{"a":`, refused},
	{"line comment", "// inbox\n{}", refused},
	{"block comment", "[1, /* two */ 2]", refused},
	{"hash comment", "{} # end", refused},
}

func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}
