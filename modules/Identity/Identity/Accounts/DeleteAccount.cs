using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Identity.Passkeys;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Accounts;

[RetryOnConflict]
internal sealed record DeleteAccount(string Password) : ICommand<Confirmed<Unit>>;

internal sealed class DeleteAccountValidator : AbstractValidator<DeleteAccount>
{
    public DeleteAccountValidator() => RuleFor(command => command.Password).MustBeText();
}

internal sealed class DeleteAccountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/delete", static async (DeleteAccount body, ISender sender, CancellationToken cancellationToken) =>
        {
            (await sender.Send(body, cancellationToken)).OrRefuse();
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("DeleteAccount")
        .WithSummary("Deletes the caller's account, its passkeys and its sessions.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class DeleteAccountHandler(
    IModuleSession<IIdentityStore> session, CurrentAccount current, Confirmation confirmation, UserManager<Account> users, RoleChanges roles, TimeProvider time)
    : IRequestHandler<DeleteAccount, Confirmed<Unit>>
{
    public async Task<Confirmed<Unit>> Handle(DeleteAccount request, CancellationToken cancellationToken)
    {
        await roles.TakeTurnAsync(cancellationToken);
        var account = await current.LoadAsync(cancellationToken);
        if (!await confirmation.AcceptAsync(account, request.Password, cancellationToken))
        {
            return new Confirmed<Unit>(false, default);
        }

        await roles.EnsureAnotherAdminAsync(account, cancellationToken);
        (await users.DeleteAsync(account)).Ensure(nameof(request.Password));
        var (id, subject, address) = (account.Id, account.Subject, account.NormalizedEmail);
        session.Documents.DeleteWhere<Session>(found => found.Subject == subject);
        session.Documents.DeleteWhere<Passkey>(found => found.AccountId == id);
        session.Documents.DeleteWhere<MailLink>(found => found.NormalizedEmail == address);
        session.Publish(new AccountDeleted(id, time.GetUtcNow()));
        return new Confirmed<Unit>(true, Unit.Value);
    }
}
