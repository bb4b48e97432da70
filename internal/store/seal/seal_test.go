package seal_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/seal"
)

func sealed(t *testing.T, s seal.Sealer, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := s(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(k seal.Keys, data []byte) (string, error) {
	r, err := k.Open(bytes.NewReader(data), data[:min(len(data), seal.HeadSize)])
	if err != nil {
		return "", err
	}
	all, err := io.ReadAll(r)
	return string(all), err
}

func TestRecipientsOpenTheirs(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	s, err := seal.ForRecipients([]string{id.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	data := sealed(t, s, "a shop's memory")
	if !seal.Sealed(data) || seal.Sealed([]byte("SQLite format 3")) {
		t.Error("what was sealed is told from what was not")
	}
	keys, err := seal.Identities(strings.NewReader("# made by age-keygen\n" + id.String() + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := opened(keys, data); err != nil || got != "a shop's memory" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := opened(seal.Keys{other}, data); errs.KindOf(err) != errs.Denied {
		t.Error(err)
	}
	for cut := range len(data) {
		if got, err := opened(keys, data[:cut]); err == nil {
			t.Errorf("cut after %d bytes it opens as %q", cut, got)
		}
	}
}

func TestAPassphraseOpensItsOwn(t *testing.T) {
	s, err := seal.ForPassphrase([]byte("correct horse"))
	if err != nil {
		t.Fatal(err)
	}
	data := sealed(t, s, "a shop's memory")
	for passphrase, want := range map[string]errs.Kind{"correct horse": errs.Internal, "wrong": errs.Denied} {
		k, err := seal.Passphrase([]byte(passphrase))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := opened(k, data); errs.KindOf(err) != want || err == nil && got != "a shop's memory" {
			t.Errorf("%s: %q, %v", passphrase, got, err)
		}
	}
}

func TestWrongWordsAreUsageErrors(t *testing.T) {
	if _, err := seal.ForRecipients([]string{"ada@example.com"}); errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" {
		t.Error(err)
	}
	if _, err := seal.ForPassphrase(nil); errs.KindOf(err) != errs.Usage {
		t.Error(err)
	}
	if _, err := seal.Identities(strings.NewReader("AGE-SECRET-KEY-1NOTREALLY")); errs.KindOf(err) != errs.Usage || strings.Contains(err.Error(), "NOTREALLY") {
		t.Error(err)
	}
}
