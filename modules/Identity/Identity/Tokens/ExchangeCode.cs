using System.Text.RegularExpressions;
using FluentValidation;
using MediatR;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Tokens for a code (RFC 6749, section 4.1.3). The second use of a code ends what the first one got (section 4.1.2).</summary>
internal sealed record ExchangeCode(Client Client, string Code, string RedirectUri, string Verifier) : ICommand<GrantOutcome>;

internal sealed class ExchangeCodeValidator : AbstractValidator<ExchangeCode>
{
    public ExchangeCodeValidator()
    {
        RuleFor(command => command.Code).MaximumLength(AuthorizationRequest.LongestValue);
        RuleFor(command => command.RedirectUri).MaximumLength(AuthorizationRequest.LongestValue);
        RuleFor(command => command.Verifier).MaximumLength(AuthorizationRequest.LongestValue);
    }
}

internal sealed partial class ExchangeCodeHandler(
    IModuleSession<IIdentityStore> session, RefreshFamilies families, Sessions sessions, Entitlements entitlements, TimeProvider time) : IRequestHandler<ExchangeCode, GrantOutcome>
{
    private static readonly GrantOutcome Refused = GrantOutcome.Refused("The code is not good: it is unknown, was used, has expired, or belongs to another client, redirect_uri or code_verifier.");

    public async Task<GrantOutcome> Handle(ExchangeCode request, CancellationToken cancellationToken)
    {
        if (!OpaqueSecret.HasForm(request.Code) || await LockAsync(OpaqueSecret.HashOf(request.Code), cancellationToken) is not { } code || code.ClientId != request.Client.Id)
        {
            return Refused;
        }

        if (code.UsedAt is not null)
        {
            await RevokeAsync(code, cancellationToken);
            return Refused;
        }

        // Used from here on, whatever comes of it: nobody tries verifiers one after the other.
        var now = time.GetUtcNow();
        code.UsedAt = now;
        session.Documents.Update(code);
        if (code.ExpiresAt <= now || code.RedirectUri != request.RedirectUri || !IsRight(request.Verifier, code.Challenge) || !await sessions.IsActiveAsync(code.SessionId, cancellationToken))
        {
            return Refused;
        }

        string? refreshToken = null;
        if (request.Client.Grants.Contains(Grants.RefreshToken))
        {
            (var family, refreshToken) = families.Start(code.Subject, code.ClientId, code.SessionId, code.Scope, code.AuthenticatedAt);
            code.FamilyId = family.Id;
        }

        return new TokenGrant(
            code.Subject, code.ClientId, code.SessionId, code.Scope, code.AuthenticatedAt, await entitlements.OfAsync(code.Subject, request.Client, code.Scope, cancellationToken),
            refreshToken, code.Nonce, await entitlements.EmailAsync(code.Subject, code.Scope, cancellationToken));
    }

    // RFC 7636, section 4.1: 43 to 128 unreserved characters.
    [GeneratedRegex("^[A-Za-z0-9._~-]{43,128}$")]
    private static partial Regex VerifierForm();

    private static bool IsRight(string verifier, string challenge) => VerifierForm().IsMatch(verifier) && OpaqueSecret.Matches(verifier, challenge);

    private async Task<AuthorizationCode?> LockAsync(string id, CancellationToken cancellationToken)
    {
        await session.Documents.BeginTransactionAsync(cancellationToken);
        await session.Documents.QueryAsync<bool>("select true from mt_doc_authorizationcode where id = ? for update", cancellationToken, id);
        return await session.Documents.LoadAsync<AuthorizationCode>(id, cancellationToken);
    }

    private async Task RevokeAsync(AuthorizationCode code, CancellationToken cancellationToken)
    {
        if (code.FamilyId is { } id && await families.LockAsync(id, cancellationToken) is { } family)
        {
            families.Revoke(family);
        }

        sessions.Revoke(code.SessionId);
    }
}
