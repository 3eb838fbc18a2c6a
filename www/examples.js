// Built-in examples. The people are invented; names and addresses are reserved for documentation (RFC 2606, RFC 5737).

/** @typedef {{ en: string, es?: string }} Texts */

/**
 * @param {string} sentence
 * @param {string} outer
 * @param {string} inner
 */
const ndr = (sentence, outer, inner) => `Delivery has failed to these recipients or groups:

Bruno Salcedo (bruno.salcedo@fabrikam.example)<mailto:bruno.salcedo@fabrikam.example>
Your message wasn't delivered. ${sentence}

Contact the recipient by some other means (by phone, for example) and ask them to tell their email admin. Give them the error details shown below.

Diagnostic information for administrators:

Generating server: AM6PR04MB0042.eurprd04.prod.outlook.com
Receiving server: AM6PR04MB0042.eurprd04.prod.outlook.com

bruno.salcedo@fabrikam.example
3/17/2026 3:41:08 PM - Server at AM6PR04MB0042.eurprd04.prod.outlook.com returned '${outer}'
3/17/2026 3:30:52 PM - Server at ${inner}

Original message headers:

Received: from PR3PR04MB0007.eurprd04.prod.outlook.com (2001:db8:94a:64::9f) by
 AM6PR04MB0042.eurprd04.prod.outlook.com (2001:db8:134:1a::61) with Microsoft SMTP
 Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id
 15.21.204.9; Mon, 16 Mar 2026 15:30:14 +0000
From: Ana Robles <ana.robles@contoso.example>
To: Bruno Salcedo <bruno.salcedo@fabrikam.example>
Subject: Drawings for the north roof
Date: Mon, 16 Mar 2026 15:30:14 +0000
Message-ID: <PR3PR04MB0007@PR3PR04MB0007.eurprd04.prod.outlook.com>
`;

/** By their ids. @type {Record<string, Texts>} */
export const EXAMPLES = {
  dns: {
    en: `Messages queued
Number of queued messages
37
Connector name
Outbound to the head office
Queue started time
3/16/2026 8:58 AM
Destination server
mail.northwind.example
Last error
450 4.4.312 DNS query failed [Message=InfoNoRecords] [LastAttemptedServerName=mail.northwind.example]
`,
    es: `Mensajes en cola
Número de mensajes en cola
37
Nombre del conector
Salida a la sede central
Servidor de destino
correo.northwind.example
Último error
450 4.4.312 DNS query failed [Message=InfoNoRecords] [LastAttemptedServerName=correo.northwind.example]
`,
  },
  timeout: {
    en: `Reason: [{LED=450 4.4.315 Connection timed out [Message=Socket error code 10060] [LastAttemptedServerName=hybrid.contoso.example] [LastAttemptedIP=203.0.113.25:25] [SmtpSecurity=-2;-2] [AM4PEPF00027A60.eurprd04.prod.outlook.com 2026-03-16T09:01:44.101Z 08DE7A0000000001]};{MSG=Socket error code 10060};{FQDN=hybrid.contoso.example};{IP=203.0.113.25};{LRT=3/16/2026 9:01:44 AM}]. OutboundProxyTargetIP: 203.0.113.25. OutboundProxyTargetHostName: hybrid.contoso.example
`,
  },
  refused: {
    en: ndr(
      "Despite repeated attempts to deliver your message, the recipient's email system refused to accept a connection from your email system.",
      "550 5.4.316 Message expired, connection refused(Socket error code 10061)",
      "smtp-in.fabrikam.example (198.51.100.40) returned '450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=smtp-in.fabrikam.example] [LastAttemptedIP=198.51.100.40:25] [SmtpSecurity=-2;-2] [DB1PEPF0003922E.eurprd04.prod.outlook.com 2026-03-17T15:30:52.887Z 08DE6B2C7A91D2F4](Socket error code 10061)'",
    ),
    es: `Asunto: No se puede entregar: Pedido 7781

Error al entregar el mensaje a estos destinatarios o grupos:

ventas@fabrikam.example<mailto:ventas@fabrikam.example>
El mensaje no se ha entregado. A pesar de los intentos repetidos, el sistema de correo del destinatario no aceptó la conexión.

Información de diagnóstico para los administradores:

Servidor de generación: DB9PR04MB0042.eurprd04.prod.outlook.com
Servidor receptor: DB9PR04MB0042.eurprd04.prod.outlook.com

ventas@fabrikam.example
17/3/2026 15:41:08 - Server at DB9PR04MB0042.eurprd04.prod.outlook.com returned '550 5.4.316 Message expired, connection refused(Socket error code 10061)'
17/3/2026 15:30:52 - Server at entrada.fabrikam.example (198.51.100.40) returned '450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=entrada.fabrikam.example] [LastAttemptedIP=198.51.100.40:25] [SmtpSecurity=-2;-2] [DB1PEPF0003922E.eurprd04.prod.outlook.com 2026-03-17T15:30:52.887Z 08DE6B2C7A91D2F4](Socket error code 10061)'

Encabezados de mensaje originales:

Received: from PR3PR04MB0007.eurprd04.prod.outlook.com (2001:db8:94a:64::9f) by
 DB9PR04MB0042.eurprd04.prod.outlook.com (2001:db8:134:1a::61) with Microsoft SMTP
 Server id 15.21.204.9; Mon, 16 Mar 2026 15:30:14 +0000
From: Ana Robles <ana.robles@contoso.example>
To: ventas@fabrikam.example
Subject: Pedido 7781
Date: Mon, 16 Mar 2026 15:30:14 +0000
`,
  },
  certificate: {
    en: `450 4.4.317 Cannot connect to remote server [Message=CertificateExpired Expected Subject: hybrid.contoso.example. Presented Subject: CN=hybrid.contoso.example. Thumbprint: 00112233445566778899AABBCCDDEEFF00112233.] [LastAttemptedServerName=hybrid.contoso.example] [LastAttemptedIP=203.0.113.25:25] [SmtpSecurity=-1;-1] [DB8EUR05FT035.eop-eur05.prod.protection.outlook.com 2026-03-16T16:37:07.429Z 08DD2CB85E2FE9DB]
`,
  },
  closed: {
    en: ndr(
      "Despite repeated attempts to deliver your message, the recipient's email system broke off the connection.",
      "550 5.4.318 Message expired, connection reset(SuspiciousRemoteServerError)",
      "mx1.fabrikam.example (192.0.2.118) returned '450 4.4.318 Connection was closed abruptly (SuspiciousRemoteServerError) [LastAttemptedServerName=mx1.fabrikam.example] [LastAttemptedIP=192.0.2.118:25] [SmtpSecurity=-2;-2] [DB1PEPF0003922E.eurprd04.prod.outlook.com 2026-03-17T15:30:52.887Z 08DE6B2C7A91D2F4](SuspiciousRemoteServerError)'",
    ),
  },
  validation: {
    en: `Reason: [{LED=450 4.7.320 Certificate validation failed [Message=SubjectMismatch] [LastAttemptedServerName=mail.contoso.example] [LastAttemptedIP=203.0.113.31:25] [SmtpSecurity=-1;-1] [AM4PEPF00027A60.eurprd04.prod.outlook.com 2026-03-16T09:01:44.101Z 08DE7A0000000002]};{MSG=SubjectMismatch};{FQDN=mail.contoso.example};{IP=203.0.113.31};{LRT=3/16/2026 9:01:44 AM}]. OutboundProxyTargetIP: 203.0.113.31. OutboundProxyTargetHostName: mail.contoso.example
`,
  },
  other: {
    en: `Reason: [{LED=451 4.3.0 Temporary lookup failure [LastAttemptedServerName=gateway.tailspin.example] [LastAttemptedIP=192.0.2.54:25]};{MSG=};{FQDN=gateway.tailspin.example};{IP=192.0.2.54};{LRT=3/16/2026 9:01:44 AM}]
`,
  },
  delay: {
    en: `Delivery is delayed to these recipients or groups:

Carla Núñez (carla@adatum.example)<mailto:carla@adatum.example>

Subject: Minutes of Monday's meeting

This message hasn't been delivered yet. Delivery will continue to be attempted.

The server will keep trying to deliver this message for the next 1 days, 19 hours and 52 minutes. You'll be notified if the message can't be delivered by that time.

Diagnostic information for administrators:

Generating server: EXCH01.contoso.example

carla@adatum.example
Server at adatum.example (192.0.2.178) returned '400 4.4.7 Message delayed'
3/16/2026 10:26:55 AM - Server at adatum.example (192.0.2.178) returned '441 4.4.1 Error encountered while communicating with primary target IP address: "Failed to connect. Winsock error code: 10060, Win32 error code: 10060." Attempted failover to alternate host, but that did not succeed. Either there are no alternate hosts, or delivery failed to all alternate hosts. The last endpoint attempted was 192.0.2.178:25'
`,
    es: `Se retrasó la entrega a estos destinatarios o grupos:

carla@adatum.example<mailto:carla@adatum.example>

Asunto: Acta de la reunión del lunes

Este mensaje no se ha entregado todavía. Se seguirá intentando entregarlo.

El servidor seguirá intentando entregar este mensaje durante los próximos 1 días, 19 horas y 52 minutos. Se te notificará si el mensaje no se puede entregar en ese plazo.

Información de diagnóstico para los administradores:

Servidor de generación: EXCH01.contoso.example

carla@adatum.example
Server at adatum.example (192.0.2.178) returned '400 4.4.7 Message delayed'
16/3/2026 10:26:55 - Server at adatum.example (192.0.2.178) returned '441 4.4.1 Error encountered while communicating with primary target IP address: "Failed to connect. Winsock error code: 10060, Win32 error code: 10060."'
`,
  },
  unknown_user: {
    en: `Your message to marta.vidal@wingtiptoys.example couldn't be delivered.

marta.vidal wasn't found at wingtiptoys.example.

Diagnostic information for administrators:

Generating server: VI1PR04MB0042.eurprd04.prod.outlook.com

marta.vidal@wingtiptoys.example
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient marta.vidal@wingtiptoys.example not found by SMTP address lookup'

Original message headers:

From: Ana Robles <ana.robles@contoso.example>
To: marta.vidal@wingtiptoys.example
Subject: Invitation
Date: Mon, 16 Mar 2026 15:30:14 +0000
`,
    es: `Asunto: No se puede entregar: Invitación

No se pudo entregar a:

marta.vidal@wingtiptoys.example<mailto:marta.vidal@wingtiptoys.example>

Información de diagnóstico para los administradores:

Servidor de generación: VI1PR04MB0042.eurprd04.prod.outlook.com

marta.vidal@wingtiptoys.example
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient marta.vidal@wingtiptoys.example not found by SMTP address lookup'

Encabezados de mensaje originales:

From: Ana Robles <ana.robles@contoso.example>
To: marta.vidal@wingtiptoys.example
Subject: =?utf-8?Q?Invitaci=C3=B3n?=
Date: Mon, 16 Mar 2026 15:30:14 +0000
`,
  },
  headers: {
    en: `Received: from mail.fabrikam.example (192.0.2.25) by
 AM0EUR02FT050.mail.protection.outlook.com (2001:db8:54::17) with Microsoft SMTP
 Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.21.204.9; Mon, 16
 Mar 2026 08:15:42 +0000
Received: from app01.fabrikam.example (app01.fabrikam.example [192.0.2.31])
 by mail.fabrikam.example (Postfix) with ESMTPS id 4C7A1F00D
 for <ana.robles@contoso.example>; Mon, 16 Mar 2026 08:12:30 +0000 (UTC)
Authentication-Results: spf=pass (sender IP is 192.0.2.25)
 smtp.mailfrom=fabrikam.example; dkim=pass (signature was verified)
 header.d=fabrikam.example; dmarc=pass action=none
 header.from=fabrikam.example; compauth=pass reason=100
X-Forefront-Antispam-Report: CIP:192.0.2.25; CTRY:ES; LANG:en; SCL:1; SRV:;
 IPV:NLI; SFV:NSPM; H:mail.fabrikam.example; PTR:InfoDomainNonexistent; CAT:NONE;
 DIR:INB;
From: Bruno Salcedo <bruno.salcedo@fabrikam.example>
To: Ana Robles <ana.robles@contoso.example>
Subject: Your order has been shipped
Date: Mon, 16 Mar 2026 08:12:29 +0000
Message-ID: <20260316081229.4C7A1F00D@mail.fabrikam.example>
`,
  },
};
