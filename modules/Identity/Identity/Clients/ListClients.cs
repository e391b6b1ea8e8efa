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

namespace ModularMonolith.Identity.Clients;

internal sealed record ListClients(string? After, int Limit) : IQuery<Page<ClientView>>;

internal sealed record ClientCursor(string Id);

internal sealed class ListClientsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/clients", static async (string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListClients(PageCursor.Decode<ClientCursor>(http, cursor)?.Id, PageCursor.Size(limit)), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("identity:manage")
        .WithName("ListClients")
        .WithSummary("The registered clients, newest first.")
        .Produces<Page<ClientView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListClientsHandler(IModuleSession<IIdentityStore> session) : IRequestHandler<ListClients, Page<ClientView>>
{
    public async Task<Page<ClientView>> Handle(ListClients request, CancellationToken cancellationToken)
    {
        IQueryable<Client> clients = session.Documents.Query<Client>();
        if (request.After is { } after)
        {
            clients = clients.Where(client => client.MatchesSql("d.id < ?", after));
        }

        var found = await clients.OrderByDescending(static client => client.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, ClientView.Of, static item => new ClientCursor(item.Id));
    }
}
