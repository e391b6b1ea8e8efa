using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Locations;

internal sealed record ListLocations : IQuery<Page<LocationView>>;

/// <param name="Code">The code by which requests name it.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Priority">Stock is taken from the smallest number first.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">The second part of an ISO 3166-2 code.</param>
/// <param name="PostalCode">As written.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="IsActive">Whether it takes goods in and orders take from it.</param>
/// <param name="Fulfils">Whether orders are sent from here.</param>
internal sealed record LocationView(
    string Code, string Name, int Priority, string? Country, string? Region, string? PostalCode, double? Latitude, double? Longitude, bool IsActive, bool Fulfils)
{
    public static LocationView Of(Location location) => new(
        location.Id, location.Name, location.Priority, location.Country, location.Region, location.PostalCode, location.Latitude, location.Longitude, location.IsActive, location.Fulfils);
}

internal sealed class ListLocationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/locations", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new ListLocations(), cancellationToken)))
        .RequirePermission("inventory:read").WithName("ListLocations").WithSummary("Lists all locations in the order in which stock is taken from them.")
        .Produces<Page<LocationView>>();
}

internal sealed class ListLocationsHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<ListLocations, Page<LocationView>>
{
    public async Task<Page<LocationView>> Handle(ListLocations request, CancellationToken cancellationToken) =>
        new([.. (await Location.AllAsync(session.Documents, cancellationToken)).Select(LocationView.Of)], null);
}
