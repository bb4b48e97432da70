package importer

import (
	"time"
	"unicode"
	"unicode/utf8"
)

// civil is a date, a time of day or both, as written.
type civil struct {
	year, month, day     int
	hour, minute, second int
	micros               int
	hasDate, hasTime     bool
	zoned                bool
	offset               int // seconds east of UTC, where zoned
	decimals             int // of the seconds
	a, b                 int // the first two numbers of a date without a month's name or a year in front
	ampm                 bool
}

// dayOrder says which of two numbers is the day.
type dayOrder uint8

const (
	dayFirst dayOrder = iota
	monthFirst
)

// token is a run of digits or letters in a time.
type token struct {
	text   []byte
	number int
	digits bool
	before byte // the sign in front of it
}

const maxTokens = 12

func tokenize(s []byte, tokens *[maxTokens]token) int {
	n, i := 0, 0
	before := byte(' ')
	for i < len(s) {
		c, size := utf8.DecodeRune(s[i:])
		digit := c >= '0' && c <= '9'
		if !digit && !unicode.IsLetter(c) {
			before = s[i]
			i += size
			continue
		}
		if n == maxTokens {
			return -1
		}
		from, number := i, 0
		for i < len(s) {
			c, size := utf8.DecodeRune(s[i:])
			if digit != (c >= '0' && c <= '9') || !digit && !unicode.IsLetter(c) {
				break
			}
			if digit && number < 1<<26 {
				number = number*10 + int(c-'0')
			}
			i += size
		}
		tokens[n] = token{s[from:i], number, digit, before}
		n, before = n+1, 0
	}
	return n
}

// parseCivil reads a time as programs write it: ISO 8601, "05-Jan-2013 11:45:21.123", "5.1.2013 11:45",
// "1/5/2013 11:45:21 AM", "Sat Jan 05 11:45:21 GMT+01:00 2013", "11:45:21.123".
func parseCivil(s []byte, order dayOrder) (civil, bool) {
	var tokens [maxTokens]token
	if len(s) < 4 || len(s) > 64 {
		return civil{}, false
	}
	n := tokenize(s, &tokens)
	if n < 2 {
		return parseCompact(s)
	}
	p := civilParser{order: order, tokens: tokens[:n]}
	return p.parse()
}

type civilParser struct {
	civil
	order  dayOrder
	tokens []token
	date   [3]int // numbers of the date as they come
	dates  int
	year4  int // which of them is the year, -1 not known
	clocks int // numbers of the time so far
}

func (p *civilParser) parse() (civil, bool) {
	p.year4 = -1
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if t.digits {
			if !p.numeral(i, t) {
				return civil{}, false
			}
			continue
		}
		skip, ok := p.word(i, t)
		if !ok {
			return civil{}, false
		}
		i += skip
	}
	return p.finish()
}

// numeral sorts a number into date or time by the sign in front of it and behind it.
func (p *civilParser) numeral(i int, t token) bool {
	colonNext := i+1 < len(p.tokens) && p.tokens[i+1].before == ':' && p.tokens[i+1].digits
	inDate := p.dates < 3 && !(p.month > 0 && p.dates == 2)
	switch {
	case p.zoned && t.before == ':' && i > 0 && isSign(p.tokens[i-1].before) && len(t.text) == 2 && p.clocks >= 2:
		return true // minutes of an offset, read along with its hours
	case p.clocks >= 3 && (t.before == '.' || t.before == ',' || t.before == ':' && p.clocks == 3) && p.decimals == 0:
		return p.fraction(t)
	case p.clocks >= 2 && len(t.text) <= 4 && (t.before == '+' || t.before == '-' && (p.zoned || !inDate)):
		return p.zone(i, t)
	case t.before == ':' && p.clocks > 0 && p.clocks < 3:
		p.clock(t.number)
		return true
	case p.clocks == 0 && (colonNext || !inDate):
		p.clock(t.number)
		return t.number < 24
	case inDate && len(t.text) <= 4:
		p.year4 = p.yearAt(t)
		p.date[p.dates] = t.number
		p.dates++
		return true
	case p.clocks > 0 && p.clocks < 3 && (t.before == '-' || t.before == '_' || t.before == '.'): // of a file name
		p.clock(t.number)
		return true
	}
	return false
}

func isSign(c byte) bool { return c == '+' || c == '-' }

func (p *civilParser) yearAt(t token) int {
	if len(t.text) == 4 && p.year4 < 0 {
		return p.dates
	}
	return p.year4
}

func (p *civilParser) clock(n int) {
	switch p.clocks {
	case 0:
		p.hour = n
	case 1:
		p.minute = n
	case 2:
		p.second = n
	}
	p.clocks++
}

func (p *civilParser) fraction(t token) bool {
	p.decimals = min(len(t.text), 9)
	v := 0
	for i := range 6 {
		v *= 10
		if i < len(t.text) {
			v += int(t.text[i] - '0')
		}
	}
	p.micros = v
	return true
}

// zone reads +01:00, +0100 or +01.
func (p *civilParser) zone(i int, t token) bool {
	hours, minutes := t.number, 0
	if len(t.text) == 4 {
		hours, minutes = t.number/100, t.number%100
	} else if i+1 < len(p.tokens) && p.tokens[i+1].before == ':' {
		minutes = p.tokens[i+1].number
	}
	if hours > 15 || minutes > 59 {
		return false
	}
	p.offset, p.zoned = hours*3600+minutes*60, true
	if t.before == '-' {
		p.offset = -p.offset
	}
	return true
}

// word reads the name of a month, a day, a zone, or AM and PM.
func (p *civilParser) word(i int, t token) (skip int, ok bool) {
	switch upper := upperASCII(t.text); upper {
	case "T":
		return 0, p.dates > 0
	case "Z", "UTC", "GMT":
		p.zoned = true
		return 0, true
	case "AM", "PM", "A", "P":
		p.ampm = true
		if p.clocks == 0 || p.hour > 12 {
			return 0, false
		}
		if p.hour %= 12; upper[0] == 'P' {
			p.hour += 12
		}
		if i+1 < len(p.tokens) && upperASCII(p.tokens[i+1].text) == "M" {
			return 1, true
		}
		return 0, true
	default:
		if seconds, known := zoneNames[upper]; known && p.clocks > 0 {
			p.zoned, p.offset = true, seconds
			return 0, true
		}
	}
	if m := monthOf(t.text); m > 0 && p.month == 0 {
		p.month = m
		return 0, true
	}
	return 0, i == 0 || p.dates == 0 && p.clocks == 0 // the day of the week comes first
}

func (p *civilParser) finish() (civil, bool) {
	c := p.civil
	c.hasTime = p.clocks >= 2
	switch {
	case p.month > 0 && p.dates == 2: // 05-Jan-2013, Jan 05 ... 2013
		c.day, c.year = p.date[0], p.date[1]
		if p.year4 == 0 {
			c.day, c.year = p.date[1], p.date[0]
		}
	case p.month == 0 && p.dates == 3 && p.year4 == 0:
		c.year, c.month, c.day = p.date[0], p.date[1], p.date[2]
	case p.month == 0 && p.dates == 3:
		c.a, c.b, c.year = p.date[0], p.date[1], p.date[2]
		c.day, c.month = c.a, c.b
		if p.order == monthFirst {
			c.day, c.month = c.b, c.a
		}
	case p.dates == 0 && c.hasTime:
		return c, c.sane()
	default:
		return c, false
	}
	if c.year < 70 && p.year4 < 0 {
		c.year += 2000
	} else if c.year < 100 && p.year4 < 0 {
		c.year += 1900
	}
	c.hasDate = true
	return c, c.sane()
}

// sane tells a time that exists; seconds may leap.
func (c civil) sane() bool {
	if c.hour > 23 || c.minute > 59 || c.second > 60 {
		return false
	}
	return !c.hasDate || c.year >= 1970 && c.year < 2200 && c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31
}

// parseCompact reads 20130105T114521 and its parts without marks.
func parseCompact(s []byte) (civil, bool) {
	if len(s) != 8 && len(s) != 14 || !allDigits(s) {
		return civil{}, false
	}
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	c := civil{year: two(0)*100 + two(2), month: two(4), day: two(6), hasDate: true}
	if len(s) == 14 {
		c.hour, c.minute, c.second, c.hasTime = two(8), two(10), two(12), true
	}
	return c, c.sane()
}

// at returns the time in microseconds since the epoch; zone counts where the text names none.
func (c civil) at(zone *time.Location) int64 {
	if c.zoned {
		return time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.micros*1000, time.UTC).UnixMicro() - int64(c.offset)*1e6
	}
	return time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.micros*1000, zone).UnixMicro()
}

// ofDay returns the time of day in microseconds.
func (c civil) ofDay() int64 {
	return int64(c.hour*3600+c.minute*60+c.second)*1e6 + int64(c.micros)
}

// zoneNames are the abbreviations that Java and JavaScript print, in seconds east of UTC.
var zoneNames = map[string]int{
	"WET": 0, "WEST": 3600, "BST": 3600, "IST": 19800, "CET": 3600, "CEST": 7200, "MEZ": 3600, "MESZ": 7200, "EET": 7200, "EEST": 10800, "MSK": 10800,
	"EST": -18000, "EDT": -14400, "CST": -21600, "CDT": -18000, "MST": -25200, "MDT": -21600, "PST": -28800, "PDT": -25200,
	"AKST": -32400, "AKDT": -28800, "HST": -36000, "BRT": -10800, "JST": 32400, "KST": 32400, "AWST": 28800, "AEST": 36000, "AEDT": 39600, "ACST": 34200, "NZST": 43200, "NZDT": 46800, "SAST": 7200,
}

// monthNames are the starts of the months' names in English, German, French, Spanish, Italian and Portuguese.
var monthNames = [12][]string{
	{"jan", "ene", "gen", "jän"}, {"feb", "fév", "fev"}, {"mar", "mär", "mrz"}, {"apr", "avr", "abr"}, {"may", "mai", "mag", "mayo"}, {"jun", "juin", "giu"},
	{"jul", "juil", "lug"}, {"aug", "aoû", "ago", "aou"}, {"sep", "set"}, {"oct", "okt", "ott", "out"}, {"nov"}, {"dec", "dez", "déc", "dic"},
}

func monthOf(word []byte) int {
	if len(word) < 3 || len(word) > 12 {
		return 0
	}
	lower := lowerWord(word)
	best, longest := 0, 0
	for m, names := range monthNames {
		for _, n := range names {
			if len(n) > longest && len(lower) >= len(n) && lower[:len(n)] == n {
				best, longest = m+1, len(n)
			}
		}
	}
	return best
}

func lowerWord(word []byte) string {
	for _, c := range word {
		if c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			runes := []rune(string(word))
			for i, c := range runes {
				runes[i] = unicode.ToLower(c)
			}
			return string(runes)
		}
	}
	return string(word)
}

func upperASCII(word []byte) string {
	if len(word) > 5 {
		return ""
	}
	var b [5]byte
	for i, c := range word {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		b[i] = c
	}
	return string(b[:len(word)])
}
