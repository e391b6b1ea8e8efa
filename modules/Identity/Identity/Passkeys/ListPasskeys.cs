using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Passkeys;

internal sealed record ListPasskeys : IQuery<Page<PasskeyView>>;

internal sealed class ListPasskeysEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/account/passkeys", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new ListPasskeys(), cancellationToken)))
        .RequireSubject()
        .WithName("ListPasskeys")
        .WithSummary("The caller's passkeys.")
        .Produces<Page<PasskeyView>>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class ListPasskeysHandler(CurrentAccount current, UserManager<Account> users) : IRequestHandler<ListPasskeys, Page<PasskeyView>>
{
    public async Task<Page<PasskeyView>> Handle(ListPasskeys request, CancellationToken cancellationToken) =>
        new([.. (await users.GetPasskeysAsync(await current.LoadAsync(cancellationToken))).Select(PasskeyView.Of)], null);
}
