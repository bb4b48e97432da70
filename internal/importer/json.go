package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// maxDocument bounds one JSON document in bytes.
const maxDocument = 32 << 20

func isJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(head[1:], " \t\r\n")
	return len(rest) > 0 && (rest[0] == '"' || rest[0] == '{' || rest[0] == '}')
}

// document is what tells JSON documents apart, and what dialogues of other programs hold.
type document struct {
	Schema string `json:"schema"`
	Dialog []struct {
		Tx string `json:"tx"`
		Rx string `json:"rx"`
	} `json:"dialog"`
}

// readJSON reads our own documents, one after another or in a list: scans, readings, decoded replies, and
// the dialogues of test suites.
func readJSON(in *input, out *output) error {
	guard := &documentGuard{r: in.reader()}
	dec := json.NewDecoder(guard)
	list := false
	if head, _ := in.reader().Peek(64); len(bytes.TrimLeft(head, " \t\r\n")) > 0 && bytes.TrimLeft(head, " \t\r\n")[0] == '[' {
		list = true
		if _, err := dec.Token(); err != nil {
			return fmt.Errorf("JSON: %w", err)
		}
	}
	j := &jsonReader{out: out}
	for n := 1; ; n++ {
		if list && !dec.More() {
			return j.end()
		}
		var raw json.RawMessage
		guard.from(dec.InputOffset())
		err := dec.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return j.end()
		}
		out.sum.Lines = int64(n)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			out.rejects.line(n, "the last document is cut off")
			return j.end()
		}
		if err != nil {
			if n == 1 || errors.Is(err, errDocument) {
				return fmt.Errorf("JSON document %d: %w", n, err)
			}
			out.rejects.line(n, "JSON ends here: %v", err)
			return j.end()
		}
		if err := j.document(n, raw); err != nil {
			return err
		}
		if err := out.room(); err != nil {
			return err
		}
	}
}

var errDocument = errors.New("a document is larger than 32 MiB")

// documentGuard keeps one document from taking all memory.
type documentGuard struct {
	r        io.Reader
	n, limit int64
}

func (g *documentGuard) from(offset int64) { g.limit = offset + maxDocument }

func (g *documentGuard) Read(p []byte) (int, error) {
	if g.n > g.limit && g.limit > 0 {
		return 0, errDocument
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	return n, err
}

type jsonReader struct {
	out   *output
	batch *batch
}

func (j *jsonReader) document(n int, raw []byte) error {
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		j.out.rejects.line(n, "JSON: %v", err)
		return nil
	}
	switch {
	case d.Schema == obd.ScanSchema:
		return j.scan(n, raw)
	case d.Schema == "obdctl.reading/1":
		return j.readings(n, raw, false)
	case d.Schema == "obdctl.decode/1":
		return j.readings(n, raw, true)
	case len(d.Dialog) > 0:
		return j.dialog(n, d, raw)
	case strings.HasPrefix(d.Schema, "obdctl.scan/"):
		j.out.rejects.line(n, "%s is newer than this program reads", clip(d.Schema, 40))
	case d.Schema != "":
		j.out.rejects.line(n, "a document %s holds nothing to import", clip(d.Schema, 40))
	default:
		j.out.rejects.line(n, "the document names no schema")
	}
	return nil
}

func (j *jsonReader) scan(n int, raw []byte) error {
	var s obd.Scan
	if err := json.Unmarshal(raw, &s); err != nil {
		j.out.rejects.line(n, "JSON: %v", err)
		return nil
	}
	if s.Started.IsZero() || !inTime(s.Started.UnixMicro()) || s.ID.Version() != 7 {
		j.out.rejects.line(n, "the scan has no time or no id")
		return nil
	}
	j.out.sum.Rows++
	j.out.sum.Clock = "absolute"
	return j.out.scan(Vehicle{}, &s, nil)
}

// readings reads one reading, or those of a decoded reply.
func (j *jsonReader) readings(n int, raw []byte, decoded bool) error {
	var list struct {
		Signals []obd.Reading `json:"signals"`
	}
	var err error
	if decoded {
		err = json.Unmarshal(raw, &list)
	} else {
		list.Signals = make([]obd.Reading, 1)
		err = json.Unmarshal(raw, &list.Signals[0])
	}
	if err != nil {
		j.out.rejects.line(n, "JSON: %v", err)
		return nil
	}
	if j.batch == nil {
		if j.batch, err = j.out.batch(Vehicle{}); err != nil {
			return err
		}
	}
	taken := false
	for _, r := range list.Signals {
		if r.Absent || r.Signal == "" || len(r.Signal) > 4*maxID {
			continue
		}
		if r.At.IsZero() {
			j.out.rejects.line(n, "the reading of %s has no time", r.Signal)
			continue
		}
		if !inTime(r.At.UnixMicro()) {
			j.out.rejects.line(n, "the time of %s is out of range: %s", r.Signal, r.At.Format(time.RFC3339))
			continue
		}
		if b := j.boundsOf(r); !b.hold(r.Value) {
			j.out.rejects.part(n, "%s is %.6g: impossible, it is %s", r.Signal, r.Value, b.text(r.Unit))
			continue
		}
		s := j.out.signal(signal{id: r.Signal, name: r.Name, unit: r.Unit, ecu: r.ECU})
		j.out.add(j.batch, entry{at: r.At.UnixMicro(), value: r.Value, text: r.Text, signal: s})
		taken = true
	}
	if taken {
		j.out.sum.Rows++
		j.out.sum.Clock = "absolute"
	}
	return nil
}

// boundsOf returns what a reading's signal can be, where it is in the unit of the catalogue.
func (j *jsonReader) boundsOf(r obd.Reading) bounds {
	if _, code, known := describe(j.out.o.Catalog, r.Signal); !known || code != r.Unit || r.Text != "" || j.out.o.KeepImpossible {
		return bounds{}
	}
	return boundsOf(j.out.o.Catalog, r.Signal)
}

// dialog reads what a test suite keeps of a dialogue with an adapter: commands and answers without times.
func (j *jsonReader) dialog(n int, d document, raw []byte) error {
	if j.out.o.Interpret == nil {
		return errNoInterpreter
	}
	a := fileAnchor(j.out, preamble{})
	if !a.ok {
		a.at = j.out.undated
	}
	a.at += int64(n-1) * tripGap
	talk := &dialogue{content: bytes.NewBuffer(raw)}
	talk.traffic = traffic{out: j.out, interpreter: j.out.o.Interpret(), hold: true, single: map[signalKey]held{}}
	for i, x := range d.Dialog {
		at := time.UnixMicro(a.at + int64(i)*100_000).UTC()
		if err := talk.sent(at, n, x.Tx); err != nil {
			return err
		}
		talk.received([]byte(x.Rx))
	}
	talk.sayClock(true, a.ok)
	before := j.out.sum.Scans
	j.out.sum.Scans = 0
	err := talk.close(time.UnixMicro(a.at).UTC(), false)
	j.out.sum.Scans += before
	return err
}

func (j *jsonReader) end() error {
	if j.out.sum.Rows == 0 && j.out.sum.Scans == 0 && j.out.sum.Rejected > 0 {
		return fmt.Errorf("%w: %s", errUnknown, j.out.sum.Rejects[0].Reason)
	}
	return nil
}
