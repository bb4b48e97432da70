package doip_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/internal/errs"
)

// authority makes a root certificate in a file, and one below it for the name.
func authority(t *testing.T, name string) (string, tls.Certificate) {
	t.Helper()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	issue := func(of, parent *x509.Certificate, public, signer *ecdsa.PrivateKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, of, parent, &public.PublicKey, signer)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "maker"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		DNSNames: []string{name}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	rootKey, leafKey := key(), key()
	rootDER := issue(root, root, rootKey, rootKey)
	file := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, tls.Certificate{Certificate: [][]byte{issue(leaf, root, leafKey, rootKey)}, PrivateKey: leafKey}
}

func TestSecure(t *testing.T) {
	ca, cert := authority(t, "entity.example")
	other, _ := authority(t, "entity.example")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		secure doip.Secure
		plain  bool
		kind   errs.Kind
		says   string
	}{
		{name: "verified", secure: doip.Secure{CA: ca, ServerName: "entity.example"}},
		{name: "insecure", secure: doip.Secure{Insecure: true}},
		{name: "another name", secure: doip.Secure{CA: ca}, kind: errs.NoAdapter, says: "another name"},
		{name: "another root", secure: doip.Secure{CA: other, ServerName: "entity.example"}, kind: errs.NoAdapter, says: "cannot be verified"},
		{name: "system's roots", secure: doip.Secure{ServerName: "entity.example"}, kind: errs.NoAdapter, says: "cannot be verified"},
		{name: "no file", secure: doip.Secure{CA: empty + "x"}, kind: errs.Usage},
		{name: "no certificate", secure: doip.Secure{CA: empty}, kind: errs.Usage, says: "no certificate"},
		{name: "not TLS", secure: doip.Secure{Insecure: true}, plain: true, kind: errs.NoAdapter, says: "does not speak TLS"},
	} {
		t.Run(row.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			e := twoUnits()
			go func() {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				if row.plain {
					_, _ = conn.Write([]byte("\x02\xFD\x00\x00\x00\x00\x00\x01\x00"))
					_ = conn.Close()
					return
				}
				e.serve(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}}))
			}()
			p, err := doip.Connect(t.Context(), l.Addr().String(), "", &row.secure)
			if row.kind != errs.Internal || row.says != "" {
				if errs.KindOf(err) != row.kind || !strings.Contains(err.Error(), row.says) {
					t.Errorf("Connect: %v, want %s %q", err, row.kind, row.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			d, err := doip.Dial(t.Context(), p, doip.Options{})
			if err != nil || !p.IsSecure() {
				t.Fatalf("Dial: %v", err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestConnectErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	_ = l.Close()
	_, err = doip.Connect(t.Context(), free, "", nil)
	if errs.KindOf(err) != errs.NoAdapter || errs.HintOf(err) == "" || !strings.Contains(err.Error(), "refuses") {
		t.Errorf("Connect: %v", err)
	}
}
