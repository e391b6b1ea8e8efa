using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Accounts;

[RetryOnConflict]
internal sealed record VerifyEmail(string Token) : ICommand<OpenedAccount>;

/// <summary>An account that was opened.</summary>
/// <param name="Id">The account.</param>
internal sealed record OpenedAccount(Guid Id);

internal sealed class VerifyEmailValidator : AbstractValidator<VerifyEmail>
{
    public VerifyEmailValidator() => RuleFor(command => command.Token).NotEmpty().MaximumLength(500);
}

internal sealed class VerifyEmailEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/accounts/verify", static async (VerifyEmail body, ISender sender, CancellationToken cancellationToken) =>
            Results.Created("/api/identity/account", await sender.Send(body, cancellationToken)))
        .AllowAnonymous()
        .WithName("VerifyEmail")
        .WithSummary("Opens an account with the link of the registration's mail. The link works once.")
        .Produces<OpenedAccount>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class VerifyEmailHandler(IModuleSession<IIdentityStore> session, MailLinks links, UserManager<Account> users, TimeProvider time) : IRequestHandler<VerifyEmail, OpenedAccount>
{
    public async Task<OpenedAccount> Handle(VerifyEmail request, CancellationToken cancellationToken)
    {
        var link = await links.FindAsync(request.Token, MailPurpose.Registration, cancellationToken);
        if (link is null || await users.FindByEmailAsync(link.Email) is not null)
        {
            throw Invalid();
        }

        var now = time.GetUtcNow();
        var account = new Account { Id = Guid.CreateVersion7(now), Email = link.Email, PasswordHash = link.PasswordHash, CreatedAt = now, CredentialsChangedAt = now };
        var created = await users.CreateAsync(account);
        if (created.Errors.Any(static error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName)))
        {
            // Another registration of the address was verified since the look.
            throw Invalid();
        }

        created.Ensure(nameof(Account.Email));
        links.Use(link);
        session.Publish(new AccountOpened(account.Id, now));
        return new OpenedAccount(account.Id);
    }

    private static ProblemException Invalid() =>
        new(IdentityProblems.LinkInvalid, "The link was used, has expired, or the address has an account by now. Sign in, or register again.");
}
