package source

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Tables writes the entries as the two tables that the tool embeds.
//
// codes.tsv has a line per code, ascending: code, description, system, severity, offset of its advice
// in the other table (empty for none), place, number of its family, related codes, note. advice.tsv has the distinct
// advice: feels, causes, checks; lines of a list are parted by "|".
func Tables(entries []Entry) (codes, advice []byte) {
	var c, a bytes.Buffer
	offsets := map[string]string{"": ""}
	for _, e := range entries {
		line := ""
		if e.Advice.Known() {
			line = fmt.Sprintf("%s\t%s\t%s\n", e.Advice.Feels, strings.Join(e.Advice.Causes, "|"), strings.Join(e.Advice.Checks, "|"))
		}
		if _, known := offsets[line]; !known {
			offsets[line] = strconv.Itoa(a.Len())
			a.WriteString(line)
		}
		fmt.Fprintf(&c, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", e.Code, e.Description, e.System, e.Severity,
			offsets[line], e.Where, e.Family, strings.Join(e.Related, " "), e.Note)
	}
	return c.Bytes(), a.Bytes()
}

// FailureTable reads the failure type bytes and writes them as the tool embeds them: byte, meaning.
func FailureTable(fsys fs.FS) ([]byte, error) {
	var types map[string]string
	if err := decode(fsys, "failure_types.yaml", &types); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, key := range slices.Sorted(maps.Keys(types)) {
		if _, err := strconv.ParseUint(key, 16, 8); err != nil || len(key) != 2 {
			return nil, fmt.Errorf("failure_types.yaml: %q is not a byte", key)
		}
		fmt.Fprintf(&b, "%s\t%s\n", key, types[key])
	}
	return b.Bytes(), nil
}
