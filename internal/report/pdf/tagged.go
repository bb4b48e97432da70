package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// update is an incremental update (ISO 32000-1, 7.5.6): objects appended to a file, with their own cross-reference.
type update struct {
	base    []byte
	offsets []int // of the base's objects, by number
	out     bytes.Buffer
	at      map[int]int // of the appended ones
	next    int
}

var (
	errNotOurs = errors.New("the file is not as the writer makes it")
	startxref  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`)
	trailer    = regexp.MustCompile(`/Root (\d+) 0 R\s+/Info (\d+) 0 R`)
)

// apply appends the structure tree to a finished file and points catalogue and pages at it.
func (t *tags) apply(file []byte) ([]byte, error) {
	u, root, info, prev, err := open(file)
	if err != nil {
		return nil, err
	}
	pages := u.pages()
	if len(pages) < len(t.next) {
		return nil, errNotOurs
	}
	tree := u.reserve()
	document := u.reserve()
	parents := u.reserve()
	byPage := make([][]int, len(t.next))
	for i, n := range t.next {
		byPage[i] = make([]int, n)
	}
	kids := t.elements(u, t.root.kids, document, pages, byPage)
	u.object(document, "<</Type /StructElem /S /Document /P %d 0 R /K [%s]>>", tree, references(kids))
	u.object(tree, "<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d>>", document, parents, len(byPage))
	var nums strings.Builder
	for i, list := range byPage {
		fmt.Fprintf(&nums, "%d [%s]\n", i, references(list))
	}
	u.object(parents, "<</Nums [%s]>>", nums.String())
	for i, page := range pages[:len(t.next)] {
		u.extend(page, fmt.Sprintf("/StructParents %d /Tabs /S", i))
	}
	u.extend(root, fmt.Sprintf("/MarkInfo <</Marked true>> /StructTreeRoot %d 0 R /ViewerPreferences <</DisplayDocTitle true>>", tree))
	return u.finish(root, info, prev), nil
}

// elements writes nodes below a parent and notes which of them owns each piece of a page.
func (t *tags) elements(u *update, list []*element, parent int, pages []int, byPage [][]int) []int {
	var numbers []int
	for _, e := range list {
		n := u.reserve()
		numbers = append(numbers, n)
		var k strings.Builder
		for _, p := range e.parts {
			byPage[p.page-1][p.id] = n
			fmt.Fprintf(&k, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", pages[p.page-1], p.id)
		}
		k.WriteString(references(t.elements(u, e.kids, n, pages, byPage)))
		extra := ""
		if e.alt != "" {
			extra += " /Alt " + hexText(e.alt)
		}
		if e.attr != "" {
			extra += " /A " + e.attr
		}
		u.object(n, "<</Type /StructElem /S /%s /P %d 0 R /K [%s]%s>>", e.role, parent, k.String(), extra)
	}
	return numbers
}

func references(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, "%d 0 R ", n)
	}
	return b.String()
}

// hexText is a text string in UTF-16 with its mark (7.9.2.2).
func hexText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

func open(file []byte) (u *update, root, info, prev int, err error) {
	m := startxref.FindSubmatch(file)
	r := trailer.FindSubmatch(file[bytes.LastIndex(file, []byte("trailer")):])
	if m == nil || r == nil {
		return nil, 0, 0, 0, errNotOurs
	}
	prev, _ = strconv.Atoi(string(m[1])) // matched as digits
	root, _ = strconv.Atoi(string(r[1]))
	info, _ = strconv.Atoi(string(r[2]))
	lines := bytes.Split(file[prev:], []byte("\n"))
	if len(lines) < 4 {
		return nil, 0, 0, 0, errNotOurs
	}
	var first, count int
	if _, err := fmt.Sscanf(string(lines[1]), "%d %d", &first, &count); err != nil || first != 0 || len(lines) < count+2 {
		return nil, 0, 0, 0, errNotOurs
	}
	u = &update{base: file, at: map[int]int{}, next: count}
	for _, l := range lines[2 : 2+count] {
		n, err := strconv.Atoi(string(bytes.Fields(l)[0]))
		if err != nil {
			return nil, 0, 0, 0, errNotOurs
		}
		u.offsets = append(u.offsets, n)
	}
	u.out.Write(file)
	return u, root, info, prev, nil
}

func (u *update) reserve() int {
	u.next++
	return u.next - 1
}

func (u *update) object(n int, format string, args ...any) {
	u.at[n] = u.out.Len()
	fmt.Fprintf(&u.out, "%d 0 obj\n", n)
	fmt.Fprintf(&u.out, format, args...)
	u.out.WriteString("\nendobj\n")
}

// body is an object of the base without its first and last line.
func (u *update) body(n int) []byte {
	b := u.base[u.offsets[n]:]
	from := bytes.Index(b, []byte("obj\n")) + len("obj\n")
	return bytes.TrimSpace(b[from:bytes.Index(b, []byte("endobj"))])
}

// pages are the numbers of the page objects, in order.
func (u *update) pages() []int {
	var list []int
	for n := 1; n < len(u.offsets); n++ {
		if bytes.HasPrefix(u.body(n), []byte("<</Type /Page\n")) {
			list = append(list, n)
		}
	}
	return list
}

// extend writes an object again with more entries in its dictionary.
func (u *update) extend(n int, entries string) {
	body := u.body(n)
	end := bytes.LastIndex(body, []byte(">>"))
	u.object(n, "%s\n%s\n>>", body[:end], entries)
}

// finish writes the cross-reference of the appended objects.
func (u *update) finish(root, info, prev int) []byte {
	start := u.out.Len()
	u.out.WriteString("xref\n")
	for n := 1; n < u.next; n++ {
		if at, ok := u.at[n]; ok {
			fmt.Fprintf(&u.out, "%d 1\n%010d 00000 n \n", n, at)
		}
	}
	fmt.Fprintf(&u.out, "trailer\n<<\n/Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n", u.next, root, info, prev, start)
	return u.out.Bytes()
}
