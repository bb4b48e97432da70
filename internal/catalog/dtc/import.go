package dtc

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fleetms/obdctl/internal/errs"
)

// Bounds of an imported file: far beyond any real list of codes.
const (
	mostBytes    = 32 << 20
	mostCodes    = 200_000
	longestField = 4000 // bytes
	mostBadLines = 50   // that are named; the rest is counted
)

// marks are what may stand between columns.
const marks = ",;\t"

// severities are the words that a severity column may hold.
var severities = []string{"critical", "high", "medium", "low"}

// LineError is one line of an imported file that was left out.
type LineError struct {
	Line   int
	Reason string
}

// ImportError tells which lines were left out. The book that comes with it holds all the others.
type ImportError struct {
	Lines []LineError // the first of them
	Count int         // all of them
	// Latin1 is set when the file was not UTF-8 and was read as ISO 8859-1.
	Latin1 bool
}

func (e *ImportError) Error() string {
	var b strings.Builder
	if e.Latin1 {
		b.WriteString("the file is not UTF-8 and was read as Latin-1: check accents, or save it as UTF-8")
	}
	if e.Count == 0 {
		return b.String()
	}
	if e.Latin1 {
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%d lines left out", e.Count)
	for _, l := range e.Lines {
		fmt.Fprintf(&b, "\nline %d: %s", l.Line, l.Reason)
	}
	if more := e.Count - len(e.Lines); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

func (e *ImportError) add(line int, format string, args ...any) {
	if e.Count++; len(e.Lines) < mostBadLines {
		e.Lines = append(e.Lines, LineError{line, fmt.Sprintf(format, args...)})
	}
}

// Import reads a user's own texts from CSV and returns a book in which they win over the built-in ones.
//
// Columns are code, description and, if there, system, severity, feels, causes, checks (lists parted by "|");
// a header line may name them in any order. Comma, semicolon and tab are told apart, a byte order mark is
// dropped, Latin-1 is understood. Lines that cannot be used come back as [*ImportError] together with the
// book of all the others; the book is nil only when nothing could be read.
func (b *Book) Import(r io.Reader) (*Book, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read codes: %w", err)
	}
	if len(data) > mostBytes {
		return nil, errs.New(errs.BadInput, "read codes: more than %d MiB", mostBytes>>20).WithHint("give a CSV file with a code and its text on each line")
	}
	text, latin1, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	problems := &ImportError{Latin1: latin1}
	user := maps.Clone(b.user)
	if user == nil {
		user = map[string]Explanation{}
	}
	if readRows(text, user, problems) == 0 {
		return nil, errs.New(errs.BadInput, "read codes: %w", nothing(problems)).
			WithHint("each line needs a code and its text: P1234,What it means")
	}
	book := &Book{user: user, words: newIndex(user)}
	if problems.Count > 0 || latin1 {
		return book, problems
	}
	return book, nil
}

// nothing says why no line could be used.
func nothing(p *ImportError) error {
	if p.Count > 0 {
		return p
	}
	return errors.New("the file has no codes")
}

// decodeText drops a byte order mark and turns Latin-1 into UTF-8.
func decodeText(data []byte) (text string, latin1 bool, err error) {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) || bytes.IndexByte(data, 0) >= 0 {
		return "", false, errs.New(errs.BadInput, "read codes: not a text file in UTF-8").WithHint("save the table as CSV in UTF-8")
	}
	if utf8.Valid(data) {
		return string(data), false, nil
	}
	runes := make([]rune, len(data))
	for i, c := range data {
		runes[i] = rune(c)
	}
	return string(runes), true, nil
}

// readRows reads every row into user and returns how many it took.
func readRows(text string, user map[string]Explanation, problems *ImportError) int {
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma = separator(text)
	rows.FieldsPerRecord, rows.LazyQuotes, rows.TrimLeadingSpace = -1, true, rows.Comma != '\t'
	layout, taken, firstLine := defaultLayout, 0, true
	seen := map[string]int{}
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return taken
		}
		line := 1
		if err == nil {
			line, _ = rows.FieldPos(0)
		}
		switch {
		case err != nil:
			if bad, ok := errors.AsType[*csv.ParseError](err); ok {
				line = bad.Line
			}
			problems.add(line, "not a CSV line")
			continue
		case blank(fields):
			continue
		case firstLine:
			firstLine = false
			if named, ok := header(fields); ok {
				layout = named
				continue
			}
		}
		e, reason := layout.read(fields)
		switch earlier := seen[e.Code]; {
		case reason != "":
			problems.add(line, "%s", reason)
		case earlier > 0:
			problems.add(line, "%s stands already on line %d", e.Code, earlier)
		case len(user) >= mostCodes:
			problems.add(line, "more than %d codes", mostCodes)
		default:
			seen[e.Code], user[e.Code] = line, e
			taken++
		}
	}
}

func blank(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return strings.TrimSpace(f) != "" })
}

// separator tells comma, semicolon and tab apart: by a header that one of them takes apart, else by which
// comes first on most lines, as the code does.
func separator(text string) rune {
	sample := text[:min(len(text), 4096)]
	first, _, _ := strings.Cut(strings.TrimLeft(sample, "\r\n"), "\n")
	votes := map[rune]int{}
	for _, mark := range marks {
		if _, ok := header(strings.Split(strings.ReplaceAll(first, `"`, ""), string(mark))); ok {
			return mark
		}
	}
	for line := range strings.Lines(sample) {
		if i := strings.IndexAny(line, marks); i >= 0 {
			votes[rune(line[i])]++
		}
	}
	best := ','
	for _, mark := range marks {
		if votes[mark] > votes[best] {
			best = mark
		}
	}
	return best
}
