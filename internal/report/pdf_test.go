package report_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/report"
)

var (
	object = regexp.MustCompile(`(?s)\n(\d+) 0 obj\n(.*?)endobj`)
	stream = regexp.MustCompile(`(?s)stream\n(.*)\nendstream`)
	mcid   = regexp.MustCompile(`/(\w+) <</MCID (\d+)>> BDC`)
)

// reader is as much of a PDF reader as the tests need.
type reader struct {
	objects map[int]string // the newest of each number
	root    string
}

func parsePDF(t *testing.T, data []byte) reader {
	t.Helper()
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) || !bytes.HasSuffix(data, []byte("%%EOF\n")) {
		t.Fatal("no PDF")
	}
	r := reader{objects: map[int]string{}}
	for _, m := range object.FindAllSubmatch(data, -1) {
		n, _ := strconv.Atoi(string(m[1]))
		r.objects[n] = string(m[2])
	}
	roots := regexp.MustCompile(`/Root (\d+) 0 R`).FindAllSubmatch(data, -1)
	n, _ := strconv.Atoi(string(roots[len(roots)-1][1]))
	r.root = r.objects[n]
	crossReferences(t, data)
	return r
}

// crossReferences follows both tables and looks whether the objects are where they say.
func crossReferences(t *testing.T, data []byte) {
	t.Helper()
	at := regexp.MustCompile(`startxref\n(\d+)\n`).FindAllSubmatch(data, -1)
	if len(at) != 2 {
		t.Fatalf("%d cross-reference tables, want that of the file and that of the tags", len(at))
	}
	for _, m := range at {
		start, _ := strconv.Atoi(string(m[1]))
		lines := strings.Split(string(data[start:]), "\n")
		if lines[0] != "xref" {
			t.Fatalf("no table at %d", start)
		}
		n := 0
		for _, l := range lines[1:] {
			if strings.HasPrefix(l, "trailer") {
				break
			}
			var first, count, offset, generation int
			if len(l) < 18 {
				fmt.Sscanf(l, "%d %d", &first, &count)
				n = first
				continue
			}
			fmt.Sscanf(l, "%d %d", &offset, &generation)
			if n > 0 && !bytes.HasPrefix(data[offset:], []byte(fmt.Sprintf("%d 0 obj", n))) {
				t.Errorf("object %d is not at %d", n, offset)
			}
			n++
		}
	}
}

// pages are the contents of the pages, in their order.
func (r reader) pages(t *testing.T) []string {
	t.Helper()
	var out []string
	for n := range 2000 {
		o, ok := r.objects[n]
		if !ok || !strings.HasPrefix(o, "<</Type /Page\n") {
			continue
		}
		m := regexp.MustCompile(`/Contents (\d+) 0 R`).FindStringSubmatch(o)
		c, _ := strconv.Atoi(m[1])
		packed := stream.FindStringSubmatch(r.objects[c])
		z, err := zlib.NewReader(strings.NewReader(packed[1]))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(content))
	}
	return out
}

func TestPDFIsWhole(t *testing.T) {
	for _, name := range report.Names() {
		t.Run(name, func(t *testing.T) {
			data := render(t, build(t, name, whole(), options(t, "de")), "pdf", report.Render{})
			r := parsePDF(t, data)
			for _, want := range []string{"/Lang (de)", "/MarkInfo <</Marked true>>", "/StructTreeRoot", "/DisplayDocTitle true", "/Outlines"} {
				if !strings.Contains(r.root, want) {
					t.Errorf("the catalogue lacks %s", want)
				}
			}
			for i, content := range r.pages(t) {
				if a, b := strings.Count(content, " BDC")+strings.Count(content, " BMC"), strings.Count(content, "EMC\n"); a != b {
					t.Errorf("page %d: %d marks begin and %d end", i+1, a, b)
				}
				seen := map[string]bool{}
				for _, m := range mcid.FindAllStringSubmatch(content, -1) {
					if seen[m[2]] {
						t.Errorf("page %d has mark %s twice", i+1, m[2])
					}
					seen[m[2]] = true
				}
			}
			all := string(data)
			for _, role := range []string{"/S /Document", "/S /H1", "/S /H2", "/S /Table", "/S /TH", "/S /TD"} {
				if !strings.Contains(all, role) {
					t.Errorf("no %s", role)
				}
			}
			if strings.Count(all, "/BaseFont") < 2 || !strings.Contains(all, "/FontFile2") {
				t.Error("fonts are not embedded")
			}
		})
	}
}

func TestPaperSizes(t *testing.T) {
	d := build(t, "health", whole(), options(t, "en"))
	for paper, box := range map[string]string{"a4": "[0 0 595.28 841.89]", "letter": "[0 0 612.00 792.00]", "": "[0 0 595.28 841.89]"} {
		if data := render(t, d, "pdf", report.Render{Paper: paper}); !bytes.Contains(data, []byte("/MediaBox "+box)) {
			t.Errorf("%q is not %s", paper, box)
		}
	}
}
