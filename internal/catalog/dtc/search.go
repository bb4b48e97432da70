package dtc

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// How well a code answers a word, best first when summed.
const (
	scoreTypo   = 4
	scorePrefix = 6
	scoreWord   = 10
	scoreCode   = 1000
	scoreFamily = 100 // the code begins with what was typed: "P03"
)

const (
	longestQuery = 200 // characters that are looked at
	mostWords    = 8
	shortestTypo = 5 // shorter words must be right
)

// index holds the words of all descriptions; it is made at the first search.
type index struct {
	once    sync.Once
	user    map[string]Explanation
	codes   []string
	words   map[string][]int32 // word -> positions in codes
	ordered []string           // the words, for prefixes
	lengths []uint8            // words of each description: the shorter text is the better answer
}

func newIndex(user map[string]Explanation) *index { return &index{user: user} }

// Search returns the codes that answer a query best first: a code, the beginning of a code, or words of
// descriptions and systems. Words may be begun only ("misf") or have one letter wrong ("misfier"); all must fit.
// A limit of 0 or less means 20.
func (b *Book) Search(query string, limit int) []Explanation {
	if limit <= 0 {
		limit = 20
	}
	b.words.once.Do(b.words.build)
	var out []Explanation
	for _, hit := range b.words.find(query) {
		if len(out) == limit {
			break
		}
		out = append(out, b.explain(b.words.codes[hit.code]))
	}
	return out
}

type hit struct{ code, score int32 }

func (x *index) build() {
	x.words = map[string][]int32{}
	for at := 0; at < len(codesTable); {
		line, _, _ := strings.Cut(codesTable[at:], "\n")
		at += len(line) + 1
		code, rest, _ := strings.Cut(line, "\t")
		text, rest, _ := strings.Cut(rest, "\t")
		system, _, _ := strings.Cut(rest, "\t")
		if own, ok := x.user[code]; ok {
			text, system = own.Description, cmp.Or(own.System, system)
		}
		x.add(code, text+" "+system)
	}
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
	x.lengths = append(x.lengths, uint8(min(count, 255)))
}

// words yields the words of a text in small letters.
func words(text string) func(func(string) bool) {
	return strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// find returns all hits, best first, then by code.
func (x *index) find(query string) []hit {
	if len(query) > longestQuery {
		query = query[:longestQuery]
	}
	total := map[int32]int32{}
	n := int32(0)
	for w := range words(query) {
		if n == mostWords {
			break
		}
		if n++; n == 1 {
			total = x.score(w)
			continue
		}
		next := x.score(w)
		for code, s := range total {
			if more, ok := next[code]; ok {
				total[code] = s + more
			} else {
				delete(total, code)
			}
		}
	}
	hits := make([]hit, 0, len(total))
	for code, s := range total {
		hits = append(hits, hit{code, s})
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(x.lengths[a.code], x.lengths[b.code]),
			strings.Compare(order(x.codes[a.code]), order(x.codes[b.code])))
	})
	return hits
}

// order puts powertrain codes first: they are the ones most met.
func order(code string) string {
	if code[0] == 'P' {
		return "A" + code
	}
	return code
}
