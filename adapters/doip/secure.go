package doip

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"

	"github.com/fleetms/obdctl/internal/errs"
)

// Secure says how a connection over TLS is made (ISO 13400-2:2019, port 3496).
type Secure struct {
	// CA is a file of PEM certificates that the vehicle's must descend from; "" for the system's.
	CA string
	// ServerName is the name that the certificate must hold; "" for the host.
	ServerName string
	// Insecure takes any certificate. Nobody knows then who answers.
	Insecure bool
}

// over does the handshake; without success the connection is closed.
func (s *Secure) over(ctx context.Context, conn net.Conn, hostport string) (net.Conn, error) {
	config, err := s.config(hostport)
	if err == nil {
		c := tls.Client(conn, config)
		if err = c.HandshakeContext(ctx); err == nil {
			return c, nil
		}
	}
	_ = conn.Close() // the first error is the one to tell
	return nil, err
}

func (s *Secure) config(hostport string) (*tls.Config, error) {
	name := s.ServerName
	if host, _, err := net.SplitHostPort(hostport); name == "" && err == nil {
		name = host
	}
	config := &tls.Config{ServerName: name, MinVersion: tls.VersionTLS12, InsecureSkipVerify: s.Insecure}
	if s.CA == "" {
		return config, nil
	}
	pem, err := os.ReadFile(s.CA)
	if err != nil {
		return nil, errs.New(errs.Usage, "read the certificates of ca: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errs.New(errs.Usage, "%s holds no certificate in PEM form", s.CA)
	}
	return config, nil
}

// certificateError explains a handshake that failed; nil for other errors.
func certificateError(hostport string, err error) error {
	var verification *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &host):
		return errs.New(errs.NoAdapter, "connect to %s: the certificate is for another name: %w", hostport, err).
			WithHint("name=NAME says which name the vehicle's certificate holds")
	case errors.As(err, &unknown), errors.As(err, &verification):
		return errs.New(errs.NoAdapter, "connect to %s: the vehicle's certificate cannot be verified: %w", hostport, err).
			WithHint("ca=FILE names the manufacturer's root certificate; tls=insecure goes on without knowing who answers")
	case errors.As(err, &record):
		return errs.New(errs.NoAdapter, "connect to %s: this port does not speak TLS", hostport).
			WithHint("leave tls out, or give the port of TLS, 3496 by the standard")
	}
	return nil
}
