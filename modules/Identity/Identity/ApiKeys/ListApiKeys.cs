using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.ApiKeys;

internal sealed record ListApiKeys(Guid? After, int Limit) : IQuery<Page<ApiKeyView>>;

internal sealed class ListApiKeysEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/api-keys", static async (string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListApiKeys(PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit)), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequireSubject()
        .WithName("ListApiKeys")
        .WithSummary("The caller's own keys, newest first, without their secrets.")
        .Produces<Page<ApiKeyView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListApiKeysHandler(IModuleSession<IIdentityStore> session, ICaller caller) : IRequestHandler<ListApiKeys, Page<ApiKeyView>>
{
    public async Task<Page<ApiKeyView>> Handle(ListApiKeys request, CancellationToken cancellationToken)
    {
        var accountId = ApiKeyOwner.Of(caller);
        var keys = session.Documents.Query<ApiKey>().Where(key => key.AccountId == accountId);
        if (request.After is { } after)
        {
            keys = keys.Where(key => key.MatchesSql("d.id < ?", after));
        }

        var found = await keys.OrderByDescending(static key => key.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, ApiKeyView.Of, static item => new IdCursor(item.Id));
    }
}
