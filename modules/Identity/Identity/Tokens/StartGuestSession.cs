using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Makes somebody without an account known under a new subject, so that a basket and an order are theirs.</summary>
internal sealed record StartGuestSession(SessionOrigin Origin) : ICommand<TokenGrant>;

internal sealed class StartGuestSessionValidator : AbstractValidator<StartGuestSession>
{
    public StartGuestSessionValidator() => RuleFor(command => command.Origin.UserAgent).MaximumLength(300);
}

internal sealed class StartGuestSessionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/guest-sessions", static async (HttpContext http, ISender sender, TokenWriter tokens, CancellationToken cancellationToken) =>
            Results.Ok(await tokens.WriteAsync(await sender.Send(new StartGuestSession(SessionOrigin.Of(http, Client.FirstParty.Id)), cancellationToken), cancellationToken)))
        .AllowAnonymous()
        .WithName("StartGuestSession")
        .WithSummary("Tokens for a new guest, who has no account and no permissions: for a basket and an order without registration.")
        .Produces<TokenAnswer>();
}

internal sealed class StartGuestSessionHandler(GuestSessions guests, FirstPartyTokens tokens) : IRequestHandler<StartGuestSession, TokenGrant>
{
    public async Task<TokenGrant> Handle(StartGuestSession request, CancellationToken cancellationToken)
    {
        var started = await guests.StartAsync(request.Origin, cancellationToken);
        return await tokens.GrantAsync(started.Subject, started.Id, cancellationToken);
    }
}
