using FluentValidation;
using MediatR;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Answers an authorization request that was checked, for somebody who is signed in.</summary>
internal sealed record IssueCode(
    string ClientId, string RedirectUri, string Challenge, string Subject, Guid SessionId, string Scope, string? Nonce, DateTimeOffset AuthenticatedAt) : ICommand<string>;

internal sealed class IssueCodeValidator : AbstractValidator<IssueCode>
{
    public IssueCodeValidator()
    {
        RuleFor(command => command.Challenge).Must(OpaqueSecret.HasForm).WithMessage("The challenge is no SHA-256 in base64url (RFC 7636, section 4.2).");
        RuleFor(command => command.Scope).MaximumLength(Scopes.Longest);
        RuleFor(command => command.Nonce).MaximumLength(AuthorizationRequest.LongestValue);
    }
}

internal sealed class IssueCodeHandler(IModuleSession<IIdentityStore> session, TimeProvider time) : IRequestHandler<IssueCode, string>
{
    public Task<string> Handle(IssueCode request, CancellationToken cancellationToken)
    {
        var code = OpaqueSecret.New();
        session.Documents.Insert(new AuthorizationCode
        {
            Id = OpaqueSecret.HashOf(code),
            ClientId = request.ClientId,
            RedirectUri = request.RedirectUri,
            Challenge = request.Challenge,
            Subject = request.Subject,
            SessionId = request.SessionId,
            Scope = request.Scope,
            Nonce = request.Nonce,
            AuthenticatedAt = request.AuthenticatedAt,
            ExpiresAt = time.GetUtcNow() + AuthorizationCode.Length,
        });
        return Task.FromResult(code);
    }
}
