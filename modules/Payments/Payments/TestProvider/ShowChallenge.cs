using System.Text.Encodings.Web;
using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Payments.TestProvider;

/// <summary>The page of the test provider's bank.</summary>
internal sealed record ShowChallenge(string Intent) : IQuery<string>;

internal sealed class ShowChallengeValidator : AbstractValidator<ShowChallenge>
{
    public ShowChallengeValidator() => RuleFor(query => query.Intent).NotEmpty().MaximumLength(100).NoNul();
}

internal sealed class ShowChallengeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/test-provider/{intent}", static async (string intent, IPaymentProvider provider, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            Require(provider);
            var page = await sender.Send(new ShowChallenge(intent), cancellationToken);
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
            return Results.Content(page, "text/html; charset=utf-8");
        })
        .AllowAnonymous()
        .WithName("ShowChallenge")
        .WithSummary("With the test provider: the page at which a customer confirms a payment.")
        .Produces<string>(StatusCodes.Status200OK, "text/html")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    /// <exception cref="ProblemException">404: payments go elsewhere.</exception>
    public static void Require(IPaymentProvider provider)
    {
        if (provider is not TestPaymentProvider)
        {
            throw new ProblemException(ProblemTypes.NotFound, "Payments of this host do not go to the test provider.");
        }
    }
}

internal sealed class ShowChallengeHandler(IModuleSession<IPaymentsStore> session) : IRequestHandler<ShowChallenge, string>
{
    public async Task<string> Handle(ShowChallenge request, CancellationToken cancellationToken)
    {
        await RequireAsync(session.Documents, request.Intent, cancellationToken);
        var path = "/api/payments/test-provider/" + UrlEncoder.Default.Encode(request.Intent);
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Test bank</title></head>
            <body>
            <h1>Test bank</h1>
            <p>Nobody pays anything here. Do you confirm the payment?</p>
            <form method="post" action="{path}/confirm"><button>Confirm</button></form>
            <form method="post" action="{path}/refuse"><button>Refuse</button></form>
            </body>
            </html>
            """;
    }

    /// <exception cref="ProblemException">404: the test provider has no such payment.</exception>
    public static async Task RequireAsync(IQuerySession session, string intent, CancellationToken cancellationToken)
    {
        if ((await session.AdvancedSql.QueryAsync<string>("select id from test_intent where id = ?", cancellationToken, intent)).Count == 0)
        {
            throw new ProblemException(ProblemTypes.NotFound, "The test provider has no such payment.");
        }
    }
}
