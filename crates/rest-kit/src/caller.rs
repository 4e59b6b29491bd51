//! Who signed a request.

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};

/// The ARN of whoever signed a request; none when nobody did. API Gateway gives it, for routes that
/// ask for signed requests; a client cannot.
#[must_use]
pub fn signed_by(request: &Request) -> Option<String> {
    let arn = match request.request_context() {
        RequestContext::ApiGatewayV1(context) => context.identity.user_arn,
        #[allow(unreachable_patterns)]
        _ => None,
    };
    arn.filter(|arn| !arn.is_empty())
}
