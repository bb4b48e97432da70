// Package schema hands out the JSON Schemas of what obdctl writes. They only grow.
package schema

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
)

//go:embed *.json
var files embed.FS

// Names lists the documents, such as "obdctl.scan/1".
func Names() []string {
	paths, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err) // the pattern above is constant
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = name(p)
	}
	return names
}

// Bundle returns the schema of a document with everything it refers to inside, for validators that see no
// other file.
func Bundle(document string) ([]byte, bool) {
	data, ok := Find(document)
	const other = "obdctl.scan-1.json#/$defs/"
	if !ok || !bytes.Contains(data, []byte(other)) {
		return data, ok
	}
	var own, scan map[string]any
	shared, _ := Find("obdctl.scan/1")
	data = bytes.ReplaceAll(data, []byte(other), []byte("#/$defs/"))
	if json.Unmarshal(data, &own) != nil || json.Unmarshal(shared, &scan) != nil {
		return nil, false
	}
	own["$defs"] = scan["$defs"]
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(own)
	return b.Bytes(), err == nil
}

// Find returns the schema of a document as it is committed; shared parts stand in obdctl.scan/1.
func Find(document string) ([]byte, bool) {
	for _, n := range Names() {
		if n == document {
			data, err := files.ReadFile(path(n))
			return data, err == nil
		}
	}
	return nil, false
}

// A slash cannot stand in a file name: obdctl.scan/1 is obdctl.scan-1.json.
func name(path string) string {
	stem := strings.TrimSuffix(path, ".json")
	i := strings.LastIndexByte(stem, '-')
	if i < 0 {
		return stem
	}
	return stem[:i] + "/" + stem[i+1:]
}

func path(name string) string { return strings.ReplaceAll(name, "/", "-") + ".json" }
