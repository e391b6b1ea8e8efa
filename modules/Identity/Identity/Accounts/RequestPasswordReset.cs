using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Accounts;

internal sealed record RequestPasswordReset(string Email) : ICommand;

internal sealed class RequestPasswordResetValidator : AbstractValidator<RequestPasswordReset>
{
    public RequestPasswordResetValidator() => RuleFor(command => command.Email).MustBeEmail();
}

internal sealed class RequestPasswordResetEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/password-resets", static async (RequestPasswordReset body, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(body, cancellationToken);
            return Results.Accepted();
        })
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .WithName("RequestPasswordReset")
        .WithSummary("Sends a link to a new password to the address, if it has an account. The answer does not tell whether it has.")
        .Produces(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class RequestPasswordResetHandler(MailLinks links, IdentitySettings settings) : IRequestHandler<RequestPasswordReset, Unit>
{
    public async Task<Unit> Handle(RequestPasswordReset request, CancellationToken cancellationToken)
    {
        await links.RequestAsync(MailPurpose.PasswordReset, request.Email, settings.ResetLength, static id => new PasswordResetRequested(id), cancellationToken: cancellationToken);
        return Unit.Value;
    }
}
