using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

/// <summary>The address is in the body: addresses of requests are logged everywhere, and those of persons belong in no log.</summary>
internal sealed record FindAccount(string Email) : IQuery<AccountView>;

internal sealed class FindAccountValidator : AbstractValidator<FindAccount>
{
    public FindAccountValidator() => RuleFor(query => query.Email).MustBeEmail();
}

internal sealed class FindAccountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/accounts/find", static async (FindAccount body, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(body, cancellationToken)))
        .RequirePermission("identity:manage")
        .NeverConflicts()
        .WithName("FindAccount")
        .WithSummary("The account with an address.")
        .Produces<AccountView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class FindAccountHandler(UserManager<Account> users) : IRequestHandler<FindAccount, AccountView>
{
    public async Task<AccountView> Handle(FindAccount request, CancellationToken cancellationToken) =>
        await users.FindByEmailAsync(request.Email) is { } account
            ? AccountView.Of(account)
            : throw new ProblemException(ProblemTypes.NotFound, "There is no account with this address.");
}
