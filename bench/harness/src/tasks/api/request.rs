//! A request as API Gateway hands it over, and what of an answer must be equal.

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// A GET. Its query is given decoded, its id as a path has it.
pub(super) struct Get {
    resource: &'static str,
    id: Option<String>,
    query: Vec<(String, String)>,
    if_none_match: Option<String>,
    signed: bool,
}

impl Get {
    /// Of all that a resource has.
    pub(super) fn all(resource: &'static str) -> Self {
        Self { resource, id: None, query: Vec::new(), if_none_match: None, signed: false }
    }

    /// Of one, by its id.
    pub(super) fn one(resource: &'static str, id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..Self::all(resource) }
    }

    /// With another parameter in its query.
    pub(super) fn and(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this condition.
    pub(super) fn if_none_match(self, value: &str) -> Self {
        Self { if_none_match: Some(value.to_owned()), ..self }
    }

    /// Signed by someone whom IAM lets in.
    pub(super) fn signed(self) -> Self {
        Self { signed: true, ..self }
    }

    /// The event of a proxy integration.
    pub(super) fn event(&self) -> Bytes {
        let (id, resource) = (self.id.as_deref().unwrap_or_default(), self.resource);
        let named = resource.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        let (path, parameters) = match named {
            Some((name, _)) => (resource.replace(&format!("{{{name}}}"), id), json!({name: id})),
            None => (resource.to_owned(), Value::Null),
        };
        let host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
        let mut headers = vec![
            ("Accept", "application/json"),
            ("Accept-Encoding", "gzip, deflate, br"),
            ("Host", host),
            ("User-Agent", "curl/8.5.0"),
            ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793"),
            ("X-Forwarded-For", "203.0.113.17"),
            ("X-Forwarded-Port", "443"),
            ("X-Forwarded-Proto", "https"),
        ];
        headers.extend(self.if_none_match.as_deref().map(|value| ("If-None-Match", value)));
        let pairs: Vec<_> = self.query.iter().map(|(name, value)| (&**name, &**value)).collect();
        let arn = self.signed.then_some("arn:aws:iam::123456789012:user/jane");
        let event = json!({
            "resource": resource, "path": path, "httpMethod": "GET",
            "headers": last(&headers), "multiValueHeaders": lists(&headers),
            "queryStringParameters": last(&pairs), "multiValueQueryStringParameters": lists(&pairs),
            "pathParameters": parameters, "stageVariables": null, "body": null, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "123456789012", "apiId": "a1b2c3d4e5", "resourceId": "roq9wj", "stage": "v1",
                "domainName": host, "domainPrefix": "a1b2c3d4e5", "httpMethod": "GET", "protocol": "HTTP/1.1",
                "path": format!("/v1{path}"), "resourcePath": resource,
                "requestId": "deef4878-7910-11e6-8f14-25afc3e9ae33", "extendedRequestId": "JKJaXmPLvHcESHA=",
                "requestTime": "21/Nov/2035:10:00:00 +0000", "requestTimeEpoch": 2_079_252_000_000_u64,
                "identity": {
                    "sourceIp": "203.0.113.17", "userAgent": "curl/8.5.0", "userArn": arn, "user": null,
                    "accessKey": null, "accountId": null, "apiKey": null, "apiKeyId": null, "caller": null,
                    "cognitoAuthenticationProvider": null, "cognitoAuthenticationType": null,
                    "cognitoIdentityId": null, "cognitoIdentityPoolId": null, "principalOrgId": null,
                },
            },
        });
        Bytes::from(event.to_string())
    }
}

/// Each name with its last value; null where there is none.
fn last(pairs: &[(&str, &str)]) -> Value {
    let values: Map<_, _> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    if values.is_empty() { Value::Null } else { Value::Object(values) }
}

/// Each name with all its values; null where there is none.
fn lists(pairs: &[(&str, &str)]) -> Value {
    let mut values: Map<String, Value> = Map::new();
    for (name, value) in pairs {
        let list = values.entry(*name).or_insert_with(|| json!([]));
        list.as_array_mut().into_iter().for_each(|list| list.push(json!(value)));
    }
    if values.is_empty() { Value::Null } else { Value::Object(values) }
}

/// An answer's status, its headers in whichever of the two forms, and its body: texts of JSON may differ in
/// spaces, but where there is an ETag it is equal only if they do not.
pub(super) fn comparable(answer: Value) -> Value {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        headers.insert(name.to_lowercase(), value.clone());
    }
    for (name, values) in answer["multiValueHeaders"].as_object().into_iter().flatten() {
        let values = values.as_array().into_iter().flatten().filter_map(Value::as_str);
        headers.insert(name.to_lowercase(), json!(values.collect::<Vec<_>>().join(", ")));
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = serde_json::from_str(body).unwrap_or_else(|_| Value::from(body));
    json!({"status": answer["statusCode"], "headers": headers, "body": body})
}
