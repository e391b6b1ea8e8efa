using FluentValidation;
using MediatR;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Tokens;

/// <summary>
/// Tokens for a refresh token, which is replaced (RFC 9700, section 4.14.2). A token that is not the newest one of its family any more was copied, by whoever sends it or by
/// whoever used it before: the family and its session end.
/// </summary>
internal sealed record RefreshAccess(Client Client, string RefreshToken, string? Scope) : ICommand<GrantOutcome>;

internal sealed class RefreshAccessValidator : AbstractValidator<RefreshAccess>
{
    public RefreshAccessValidator()
    {
        RuleFor(command => command.RefreshToken).MaximumLength(AuthorizationRequest.LongestValue);
        RuleFor(command => command.Scope).MaximumLength(Scopes.Longest);
    }
}

internal sealed class RefreshAccessHandler(
    IModuleSession<IIdentityStore> session, RefreshFamilies families, Sessions sessions, Entitlements entitlements, IdentitySettings settings, TimeProvider time)
    : IRequestHandler<RefreshAccess, GrantOutcome>
{
    private static readonly GrantOutcome Refused = GrantOutcome.Refused("The refresh token is not good: it is unknown, was used, was revoked, or its session has ended. Sign in again.");

    public async Task<GrantOutcome> Handle(RefreshAccess request, CancellationToken cancellationToken)
    {
        if (!RefreshFamily.TryRead(request.RefreshToken, out var id, out var secret) || await families.LockAsync(id, cancellationToken) is not { RevokedAt: null } family
            || family.ClientId != request.Client.Id)
        {
            return Refused;
        }

        if (!await sessions.IsActiveAsync(family.SessionId, cancellationToken))
        {
            families.Revoke(family);
            return Refused;
        }

        // Checked before the token is used up, so that a request with a wrong scope can be corrected.
        var scope = request.Scope is null ? family.Scope : string.Join(' ', Scopes.NamesIn(request.Scope).Distinct(StringComparer.Ordinal));
        if (Scopes.NamesIn(scope).Except(Scopes.NamesIn(family.Scope)).Any())
        {
            return GrantOutcome.Refused("The scope is wider than what was granted.");
        }

        if (family.Rotate(secret, time.GetUtcNow(), settings.SessionLength) is not { } next)
        {
            families.Revoke(family);
            return Refused;
        }

        session.Documents.Update(family);
        sessions.Touch(family.SessionId);
        return new TokenGrant(
            family.Subject, family.ClientId, family.SessionId, scope, family.AuthenticatedAt, await entitlements.OfAsync(family.Subject, request.Client, scope, cancellationToken), next,
            Email: await entitlements.EmailAsync(family.Subject, scope, cancellationToken));
    }
}
