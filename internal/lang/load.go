package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed messages/*.yaml messages/*/*.yaml
var files embed.FS

// loaded reads each language once, when it is first asked for.
var loaded = map[string]func() (*Words, error){
	"en": sync.OnceValues(func() (*Words, error) { return read("en") }),
	"de": sync.OnceValues(func() (*Words, error) { return read("de") }),
	"es": sync.OnceValues(func() (*Words, error) { return read("es") }),
	"fr": sync.OnceValues(func() (*Words, error) { return read("fr") }),
}

func load(name string) (*Words, error) { return loaded[name]() }

func read(name string) (*Words, error) {
	w := &Words{tag: language.MustParse(name), messages: map[string]message{}}
	if err := w.take("messages/"+name+".yaml", ""); err != nil {
		return nil, err
	}
	rooms, err := fs.Glob(files, "messages/*/*."+name+".yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range rooms {
		if err := w.take(file, prefixOf(file)); err != nil {
			return nil, err
		}
	}
	w.number = styleOf(w)
	return w, nil
}

// prefixOf is what stands before the keys of a room's file: those of messages/tui/codes.en.yaml begin with tui.codes.
func prefixOf(file string) string {
	folder, name := path.Split(file)
	name, _, _ = strings.Cut(name, ".")
	return path.Base(folder) + "." + name
}

// take adds the messages of one file.
func (w *Words) take(file, prefix string) error {
	data, err := files.ReadFile(file)
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := w.flatten(prefix, tree); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// flatten turns the tree of a file into dotted keys; a branch with the leaf "other" is a plural.
func (w *Words) flatten(path string, tree map[string]any) error {
	if _, isPlural := tree["other"].(string); isPlural {
		m := message{forms: map[string]string{}}
		for form, text := range tree {
			m.forms[form] = fmt.Sprint(text)
		}
		w.messages[path] = m
		return nil
	}
	for name, v := range tree {
		key := name
		if path != "" {
			key = path + "." + name
		}
		switch v := v.(type) {
		case map[string]any:
			if err := w.flatten(key, v); err != nil {
				return err
			}
		case string:
			w.messages[key] = message{text: v}
		default:
			return fmt.Errorf("%s is not a text", key)
		}
	}
	return nil
}

var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

// form picks the plural of CLDR's cardinal rules; "other" where the file has no form of its own.
func (m message) form(tag language.Tag, n int) string {
	if n < 0 {
		n = -n
	}
	if text, ok := m.forms[formNames[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]]; ok {
		return text
	}
	return m.forms["other"]
}
