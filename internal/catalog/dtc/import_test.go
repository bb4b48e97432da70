package dtc_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/errs"
)

func TestImportForms(t *testing.T) {
	for name, text := range map[string]string{
		"plain":          "P1234,Left widget stuck\nP0301,Our own words\n",
		"header":         "code,description\nP1234,Left widget stuck\nP0301,Our own words\n",
		"other order":    "Description;Severity;DTC\nLeft widget stuck;high;P1234\nOur own words;;P0301\n",
		"semicolon":      "P1234;Left widget stuck\nP0301;Our own words\n",
		"tab":            "P1234\tLeft widget stuck\nP0301\tOur own words\n",
		"mark":           "\xEF\xBB\xBFcode,description\nP1234,Left widget stuck\nP0301,Our own words\n",
		"windows lines":  "P1234,Left widget stuck\r\nP0301,Our own words\r\n",
		"quotes":         "\"P1234\",\"Left widget stuck\"\n\"P0301\",\"Our own words\"",
		"marks in texts": "Description;DTC\nLeft widget stuck;P1234\nOur own words;P0301\n",
		"blanks":         "  p1234 ,  Left   widget stuck \n\n , \np0301, Our own words\n",
		"hexadecimal":    "1234,Left widget stuck\n0301,Our own words\n",
		"all the fields": "P1234,Left widget stuck,Widgets,high,It wobbles,loose | worn,look | turn\nP0301,Our own words\n",
	} {
		book, err := dtc.Builtin().Import(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		e := book.Explain("P1234")
		if e.Description != "Left widget stuck" || !e.Known || e.Origin != dtc.FromUser {
			t.Errorf("%s: %+v", name, e)
		}
		e = book.Explain("P0301")
		if e.Description != "Our own words" || e.Origin != dtc.FromUser || e.Severity != "high" || len(e.Causes) == 0 {
			t.Errorf("%s: the user's text must win and the rest must stay: %+v", name, e)
		}
		if book.Explain("P0302").Origin != dtc.FromSAE {
			t.Errorf("%s: other codes changed", name)
		}
		if dtc.Builtin().Explain("P1234").Known {
			t.Errorf("%s: the built-in book changed", name)
		}
	}
}

// A mark inside a text is not the one between the columns.
func TestImportTellsMarksApart(t *testing.T) {
	for _, text := range []string{
		"P1234;Left, right, both\nP1235;One, two\n", "P1234,\"Left, right, both\"\nP1235,One; two\n",
		"Description;DTC\nLeft, right, both;P1234\n", "P1234\tLeft, right, both\n",
	} {
		book, err := dtc.Builtin().Import(strings.NewReader(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := book.Explain("P1234").Description; got != "Left, right, both" {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestImportedCodesAreFound(t *testing.T) {
	book, err := dtc.Builtin().Import(strings.NewReader("P1234,Left widget stuck,Widgets,low\nP0301,Kettle off\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := book.Search("widget", 5); len(got) != 1 || got[0].Code != "P1234" || got[0].Severity != "low" {
		t.Errorf("%+v", got)
	}
	if got := book.Search("kettle", 5); len(got) != 1 || got[0].Code != "P0301" {
		t.Errorf("%+v", got)
	}
	if book.Len() != dtc.Builtin().Len()+1 {
		t.Errorf("%d codes", book.Len())
	}
}

func TestImportNamesEveryBadLine(t *testing.T) {
	text := strings.Join([]string{
		"code,description,system,severity",
		"P1234,Fine",
		"Q1234,What",             // 3: no such letter
		"P1235",                  // 4: no text
		"P1236,Bad,,terrible",    // 5: no such severity
		"P1234,Again",            // 6: twice
		"P0301-1A,With its type", // 7
		"P1237," + strings.Repeat("x", 5000),
	}, "\n")
	book, err := dtc.Builtin().Import(strings.NewReader(text))
	var problems *dtc.ImportError
	if !errors.As(err, &problems) || book == nil {
		t.Fatalf("%v, %v", book, err)
	}
	want := []int{3, 4, 5, 6, 7, 8}
	for i, l := range problems.Lines {
		if i >= len(want) || l.Line != want[i] || l.Reason == "" {
			t.Errorf("line %d: %s", l.Line, l.Reason)
		}
	}
	if problems.Count != len(want) || book.Explain("P1234").Description != "Fine" {
		t.Errorf("%d problems, %+v", problems.Count, book.Explain("P1234"))
	}
}

func TestImportReadsLatin1AndSaysSo(t *testing.T) {
	book, err := dtc.Builtin().Import(strings.NewReader("P1234,Einspritzd\xFCse\n"))
	var problems *dtc.ImportError
	if !errors.As(err, &problems) || !problems.Latin1 || problems.Count != 0 || !strings.Contains(err.Error(), "Latin-1") {
		t.Fatal(err)
	}
	if got := book.Explain("P1234").Description; got != "Einspritzdüse" {
		t.Errorf("%q", got)
	}
}

func TestImportRefusesWhatIsNoTable(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "only a header": "code,description\n", "a letter": "Dear reader,\nthis is no table.\n",
		"binary": "\x00\x01\x02P0301,x", "utf-16": "\xFF\xFEP\x000\x00",
	} {
		book, err := dtc.Builtin().Import(strings.NewReader(text))
		if book != nil || errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%s: book %v, %v (hint %q)", name, book != nil, err, errs.HintOf(err))
		}
	}
}

func TestImportIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "bad%d,x\n", i)
	}
	b.WriteString("P1234,Fine\n")
	_, err := dtc.Builtin().Import(strings.NewReader(b.String()))
	var problems *dtc.ImportError
	if !errors.As(err, &problems) || problems.Count != 500 || len(problems.Lines) != 50 || !strings.Contains(err.Error(), "and 450 more") {
		t.Errorf("%.200v", err)
	}
	if _, err := dtc.Builtin().Import(endless{}); errs.KindOf(err) != errs.BadInput {
		t.Error(err)
	}
}

// endless is a file without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestExportReadsBack(t *testing.T) {
	book, err := dtc.Builtin().Import(strings.NewReader("P1234,\"Left, \"\"odd\"\" widget\",Widgets,high,It wobbles,loose | worn,look\nB1AAA,Übel\n"))
	if err != nil {
		t.Fatal(err)
	}
	var first, second bytes.Buffer
	if err := book.Export(&first); err != nil {
		t.Fatal(err)
	}
	again, err := dtc.Builtin().Import(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Export(&second); err != nil || first.String() != second.String() {
		t.Errorf("%v\n%s\n%s", err, first.String(), second.String())
	}
}

func FuzzImport(f *testing.F) {
	for _, s := range []string{"P1234,x\n", "code;description\nP0301;y\n", "\xEF\xBB\xBFP0301\tz", "P0301,\"a\nb\"\n", "P12,\xFC\n", ",,,\n\"", "P0301,a,b,high,c,d|e,f|g"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := dtc.Builtin().Import(bytes.NewReader(data))
		if book == nil {
			if err == nil {
				t.Fatal("neither a book nor an error")
			}
			return
		}
		var first, second bytes.Buffer
		if err := book.Export(&first); err != nil {
			t.Fatal(err)
		}
		again, err := dtc.Builtin().Import(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("%q does not read back: %v", first.String(), err)
		}
		if err := again.Export(&second); err != nil || first.String() != second.String() {
			t.Fatalf("%q came back as %q", first.String(), second.String())
		}
	})
}
