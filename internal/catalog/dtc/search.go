package dtc

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// How well a code answers a word; the sum over the words decides.
const (
	scoreTypo   = 4
	scorePrefix = 6
	scoreWord   = 10
	scoreFamily = 100 // the code begins with what was typed: "P03"
	scoreCode   = 1000
)

const (
	longestQuery = 200 // bytes that are looked at
	mostWords    = 8
	usualLimit   = 20
)

// index holds the words of all descriptions; it is made at the first search.
type index struct {
	once    sync.Once
	user    map[string]Explanation
	codes   []string           // powertrain first: they are the ones most met
	words   map[string][]int32 // word -> ascending positions in codes
	ordered []string           // the words, for prefixes
	lengths []int              // words of each description: the shorter text is the better answer
}

func newIndex(user map[string]Explanation) *index { return &index{user: user} }

// Search returns the codes that answer a query, best first: a code, the beginning of a code, or words of
// descriptions and systems. Words may be begun only ("misf") or have one letter wrong ("misfier"); all must fit.
// A limit of 0 or less means 20.
func (b *Book) Search(query string, limit int) []Explanation {
	if limit <= 0 {
		limit = usualLimit
	}
	b.words.once.Do(b.words.build)
	hits := b.words.find(query)
	out := make([]Explanation, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, b.explain(b.words.codes[h.code]))
	}
	return out
}

func (x *index) build() {
	x.words = map[string][]int32{}
	split := seek("P")
	x.addTable(codesTable[split:])
	x.addTable(codesTable[:split])
	for code, e := range x.user {
		if _, known := lookup(code); !known {
			x.add(code, e.Description+" "+e.System)
		}
	}
	for w := range x.words {
		x.ordered = append(x.ordered, w)
	}
	slices.Sort(x.ordered)
}

func (x *index) addTable(table string) {
	for line := range strings.Lines(table) {
		code, rest, _ := strings.Cut(line, "\t")
		text, rest, _ := strings.Cut(rest, "\t")
		system, _, _ := strings.Cut(rest, "\t")
		if own, ok := x.user[code]; ok {
			text, system = own.Description, cmp.Or(own.System, system)
		}
		x.add(code, text+" "+system)
	}
}

func (x *index) add(code, text string) {
	n := int32(len(x.codes))
	x.codes = append(x.codes, code)
	count := 0
	for w := range words(text) {
		count++
		if list := x.words[w]; len(list) == 0 || list[len(list)-1] != n {
			x.words[w] = append(list, n)
		}
	}
	x.lengths = append(x.lengths, count)
}

// words yields the words of a text in small letters.
func words(text string) func(func(string) bool) {
	return strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// hit is a code that fits all words.
type hit struct{ code, score int }

// find returns all hits, best first.
func (x *index) find(query string) []hit {
	var total, one []int32
	n := 0
	for w := range words(query[:min(len(query), longestQuery)]) {
		if n++; n > mostWords {
			break
		}
		if total == nil {
			total, one = make([]int32, len(x.codes)), make([]int32, len(x.codes))
			x.score(w, total)
			continue
		}
		clear(one)
		x.score(w, one)
		for i := range total {
			if total[i] > 0 && one[i] > 0 {
				total[i] += one[i]
			} else {
				total[i] = 0
			}
		}
	}
	var hits []hit
	for i, s := range total {
		if s > 0 {
			hits = append(hits, hit{i, int(s)})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(b.score-a.score, x.lengths[a.code]-x.lengths[b.code], a.code-b.code)
	})
	return hits
}
