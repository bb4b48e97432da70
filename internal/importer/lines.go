package importer

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
)

// eachLine hands the lines of a text on without their ends; LF, CR LF and a lone CR end a line. Lines beyond
// 1 MiB are rejected.
func eachLine(in *input, out *output, f func(number int, line []byte) error) error {
	lines := bufio.NewScanner(in.reader())
	lines.Buffer(make([]byte, 0, headBytes), maxRecord)
	lines.Split(splitLines)
	number := 0
	for lines.Scan() {
		number++
		out.sum.Lines = int64(number)
		if err := f(number, lines.Bytes()); err != nil {
			return err
		}
		if err := out.room(); err != nil {
			return err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		out.rejects.line(number+1, "the line is longer than 1 MiB; reading ends here")
		return nil
	} else if err != nil {
		return err
	}
	return nil
}

func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	case data[i] == '\r' && i+1 == len(data) && !atEOF:
		return 0, nil, nil
	}
	return i + 1, data[:i], nil
}

// firstLines returns the first lines of a head that say something.
func firstLines(head []byte, n int) []string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(string(head[:min(len(head), 32<<10)]), "\r", "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
		if len(lines) == n {
			break
		}
	}
	return lines
}
