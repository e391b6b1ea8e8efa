using Carter;
using FluentValidation;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

internal sealed record ListAccounts(string? Role, Guid? After, int Limit) : IQuery<Page<AccountView>>;

/// <summary>An account as those who manage accounts see it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">The verified address.</param>
/// <param name="Roles">The roles.</param>
/// <param name="HasSecondFactor">Whether a code is asked for at the sign-in.</param>
/// <param name="LockedUntil">Until when sign-ins are refused after too many failures.</param>
/// <param name="CreatedAt">When it was opened.</param>
internal sealed record AccountView(Guid Id, string Email, IReadOnlyList<string> Roles, bool HasSecondFactor, DateTimeOffset? LockedUntil, DateTimeOffset CreatedAt)
{
    public static AccountView Of(Account account) => new(account.Id, account.Email, account.Roles, account.HasSecondFactor, account.LockedUntil, account.CreatedAt);
}

internal sealed class ListAccountsValidator : AbstractValidator<ListAccounts>
{
    public ListAccountsValidator() =>
        RuleFor(query => query.Role).Must(static role => role is null || Roles.Role.IsName(role)).WithMessage("This cannot be the name of a role.");
}

internal sealed class ListAccountsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/accounts", static async (string? role, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListAccounts(role, PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit)), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("identity:manage")
        .WithName("ListAccounts")
        .WithSummary("The accounts, newest first; all, or those with a role. FindAccount finds one by its address.")
        .Produces<Page<AccountView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class ListAccountsHandler(IModuleSession<IIdentityStore> session) : IRequestHandler<ListAccounts, Page<AccountView>>
{
    public async Task<Page<AccountView>> Handle(ListAccounts request, CancellationToken cancellationToken)
    {
        IQueryable<Account> accounts = session.Documents.Query<Account>();
        if (request.Role is { } role)
        {
            accounts = accounts.Where(account => account.Roles.Contains(role));
        }

        if (request.After is { } after)
        {
            accounts = accounts.Where(account => account.MatchesSql("d.id < ?", after));
        }

        var found = await accounts.OrderByDescending(static account => account.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, AccountView.Of, static item => new IdCursor(item.Id));
    }
}
