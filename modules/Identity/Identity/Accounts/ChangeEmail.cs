using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Accounts;

[RetryOnConflict]
internal sealed record ChangeEmail(string Token, Guid? SessionId) : ICommand;

internal sealed record ChangeEmailBody(string Token);

internal sealed class ChangeEmailValidator : AbstractValidator<ChangeEmail>
{
    public ChangeEmailValidator() => RuleFor(command => command.Token).NotEmpty().MaximumLength(500);
}

internal sealed class ChangeEmailEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/email-changes/complete", static async (ChangeEmailBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new ChangeEmail(body.Token, SessionOrigin.SessionOf(http)), cancellationToken);
            return Results.NoContent();
        })
        .AllowAnonymous()
        .WithName("ChangeEmail")
        .WithSummary("Makes the address to which the link was sent the account's address. The old one gets a mail, and all other sessions end.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ChangeEmailHandler(IModuleSession<IIdentityStore> session, MailLinks links, UserManager<Account> users, Sessions sessions, IdentitySettings settings, TimeProvider time)
    : IRequestHandler<ChangeEmail, Unit>
{
    public async Task<Unit> Handle(ChangeEmail request, CancellationToken cancellationToken)
    {
        var link = await links.FindAsync(request.Token, MailPurpose.EmailChange, cancellationToken);
        var account = link?.AccountId is { } id ? await session.Documents.LoadAsync<Account>(id, cancellationToken) : null;
        var former = account?.Email;
        if (link is null || account is null || former is null || link.CreatedAt < account.CredentialsChangedAt || !(await users.SetEmailAsync(account, link.Email)).Succeeded)
        {
            throw new ProblemException(IdentityProblems.LinkInvalid, "The link was used, has expired, was overtaken by a later change, or the address has an account by now. Ask for the change again.");
        }

        account.CredentialsChangedAt = time.GetUtcNow();
        links.Use(link);
        sessions.RevokeAll(account.Subject, request.SessionId);
        await links.RequestAsync(
            MailPurpose.EmailChanged, former, settings.VerificationLength, mail => new EmailChanged(account.Id, mail), accountId: account.Id, cancellationToken: cancellationToken);
        return Unit.Value;
    }
}
