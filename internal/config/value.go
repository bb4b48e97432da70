package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Env is the environment's variable of the setting: shop.name is OBDCTL_SHOP_NAME.
func (s Setting) Env() string {
	return "OBDCTL_" + strings.ToUpper(strings.ReplaceAll(s.Name, ".", "_"))
}

func (s Setting) zero() any {
	switch {
	case s.List:
		return []string{}
	case s.Bool:
		return s.Default == "true"
	}
	return s.Default
}

var hexColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// read turns text into the setting's value, or says what is wrong with it.
func (s Setting) read(text string) (any, error) {
	switch {
	case s.List:
		return strings.FieldsFunc(text, func(r rune) bool { return r == ',' }), nil
	case s.Bool:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%s is %q, want true or false", s.Name, text)
		}
		return v, nil
	}
	return text, s.check(text)
}

// check tells what is wrong with a text value; empty ones mean "not set".
func (s Setting) check(text string) error {
	switch {
	case text == "":
	case s.Allowed != nil && !slices.Contains(s.Allowed, text):
		return fmt.Errorf("%s is %q, want one of: %s", s.Name, text, strings.Join(s.Allowed, ", "))
	case s.Name == "shop.color" && !hexColor.MatchString(text):
		return fmt.Errorf("%s is %q, want a colour such as #1A5FB4", s.Name, text)
	case s.Name == "zone":
		if _, err := time.LoadLocation(text); err != nil {
			return fmt.Errorf("%s is %q, want a name such as Europe/Berlin", s.Name, text)
		}
	case s.Name == "key" && text != "keyring" && text != "prompt" && !strings.HasPrefix(text, "file:"):
		return fmt.Errorf("%s is %q, want keyring, prompt or file:PATH", s.Name, text)
	}
	return nil
}
