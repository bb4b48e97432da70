package importer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// The bounds of one record: what is longer is not a line of a table.
const (
	maxRecord = 1 << 20 // bytes
	maxBreaks = 256     // lines that a quoted field may go over
	maxFields = 8192
)

var (
	errLong     = errors.New("the line is longer than 1 MiB")
	errUnquoted = errors.New("a quoted field has no end")
	errFields   = errors.New("the line has more than 8,192 fields")
)

// records reads the lines of a table field by field (RFC 4180, and what programs make of it). Fields are
// valid until the next call.
type records struct {
	r      *bufio.Reader
	comma  byte
	line   int  // of the record that was read last, from 1
	next   int  // lines taken so far
	ended  bool // the line that was taken last had an end
	fields [][]byte
	long   []byte   // a record that does not stand in the reader's buffer as a whole
	again  [][]byte // lines that were taken for a quoted field which has no end
	plain  []byte   // quoted fields without their quotes
}

func newRecords(r *bufio.Reader, comma byte) *records { return &records{r: r, comma: comma} }

// read returns the next record. Its errors other than io.EOF and those of the stream cost one line.
func (r *records) read() ([][]byte, error) {
	line, err := r.takeLine()
	if err != nil {
		return nil, err
	}
	r.line = r.next
	if bytes.IndexByte(line, '"') < 0 {
		return r.split(line)
	}
	return r.quoted(line)
}

// takeLine returns one line without its end (LF, CR LF, or CR alone).
func (r *records) takeLine() ([]byte, error) {
	if n := len(r.again); n > 0 {
		line := r.again[0]
		r.again = r.again[1:]
		r.next++
		r.ended = true
		return line, nil
	}
	line, err := r.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.takeLong(line)
	}
	if len(line) == 0 && err != nil {
		return nil, err
	}
	r.next++
	r.ended = err == nil
	if errors.Is(err, errLong) {
		r.line = r.next
		return nil, err
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
}

func (r *records) takeLong(line []byte) ([]byte, error) {
	r.long = append(r.long[:0], line...)
	for {
		more, err := r.r.ReadSlice('\n')
		if len(r.long)+len(more) <= maxRecord {
			r.long = append(r.long, more...)
		} else if len(r.long) <= maxRecord {
			r.long = append(r.long, make([]byte, maxRecord+1-len(r.long))...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(r.long) > maxRecord {
			return r.long[:1], errLong
		}
		return r.long, err
	}
}

// split cuts a line without quotes.
func (r *records) split(line []byte) ([][]byte, error) {
	r.fields = r.fields[:0]
	for {
		i := bytes.IndexByte(line, r.comma)
		if i < 0 {
			r.fields = append(r.fields, line)
			return r.fields, nil
		}
		if len(r.fields) >= maxFields {
			return nil, errFields
		}
		r.fields = append(r.fields, line[:i])
		line = line[i+1:]
	}
}

// quoted cuts a line with quotes, and takes the lines below it while a quoted field is open.
func (r *records) quoted(line []byte) ([][]byte, error) {
	record := line
	var taken [][]byte
	for r.open(record) {
		if len(taken) == 0 {
			taken = append(taken, bytes.Clone(line))
			record = bytes.Clone(line)
		}
		more, err := r.takeLine()
		if err != nil || len(taken) > maxBreaks || len(record)+len(more) > maxRecord {
			if err == nil {
				taken = append(taken, bytes.Clone(more))
			}
			r.again = append(taken[1:], r.again...)
			r.next = r.line
			return nil, errUnquoted
		}
		taken = append(taken, bytes.Clone(more))
		record = append(append(record, '\n'), more...)
	}
	return r.unquote(record)
}

// open tells that a record ends within a quoted field.
func (r *records) open(record []byte) bool {
	inside, start := false, true
	for i := range record {
		switch c := record[i]; {
		case c == '"' && inside:
			inside = false
		case c == '"' && (start || i > 0 && record[i-1] == '"'):
			inside = true
		case !inside && c == r.comma:
			start = true
			continue
		case c == ' ' && start:
			continue
		}
		start = false
	}
	return inside
}

// unquote cuts a whole record. A quote within an unquoted field stands for itself.
func (r *records) unquote(record []byte) ([][]byte, error) {
	r.fields, r.plain = r.fields[:0], r.plain[:0]
	if cap(r.plain) < len(record) { // so that fields never move
		r.plain = make([]byte, 0, 2*len(record))
	}
	for {
		if len(r.fields) >= maxFields {
			return nil, errFields
		}
		field, rest, more := r.cut(record)
		r.fields = append(r.fields, field)
		if !more {
			return r.fields, nil
		}
		record = rest
	}
}

// cut takes the first field of a record.
func (r *records) cut(record []byte) (field, rest []byte, more bool) {
	trimmed := bytes.TrimLeft(record, " ")
	if len(trimmed) == 0 || trimmed[0] != '"' {
		i := bytes.IndexByte(record, r.comma)
		if i < 0 {
			return record, nil, false
		}
		return record[:i], record[i+1:], true
	}
	from := len(r.plain)
	i := 1
	for i < len(trimmed) {
		if trimmed[i] == '"' {
			if i+1 < len(trimmed) && trimmed[i+1] == '"' {
				i++
			} else {
				i++
				break
			}
		}
		r.plain = append(r.plain, trimmed[i])
		i++
	}
	// What stands between the closing quote and the delimiter belongs to the field: "a"b.
	tail := trimmed[i:]
	end := bytes.IndexByte(tail, r.comma)
	if end < 0 {
		r.plain = append(r.plain, bytes.TrimRight(tail, " ")...)
		return r.plain[from:], nil, false
	}
	r.plain = append(r.plain, bytes.TrimRight(tail[:end], " ")...)
	return r.plain[from:], tail[end+1:], true
}

// isEnd tells that nothing more comes.
func isEnd(err error) bool { return errors.Is(err, io.EOF) }

// costsOneLine tells the errors after which the next line can be read.
func costsOneLine(err error) bool {
	return errors.Is(err, errLong) || errors.Is(err, errUnquoted) || errors.Is(err, errFields)
}
