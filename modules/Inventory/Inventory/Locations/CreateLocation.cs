using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Locations;

internal sealed record CreateLocation(
    string Code, string Name, int Priority = 100, string? Country = null, string? Region = null, string? PostalCode = null, double? Latitude = null, double? Longitude = null,
    bool IsActive = true, bool Fulfils = true) : ICommand<LocationView>
{
    public LocationContent ToContent() => new(Name, Priority, Country, Region, PostalCode, Latitude, Longitude, IsActive, Fulfils);
}

internal sealed class CreateLocationValidator : AbstractValidator<CreateLocation>
{
    public CreateLocationValidator()
    {
        RuleFor(command => command.Code).IsLocation();
        RuleFor(command => command.ToContent()).SetValidator(new LocationContentValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreateLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/locations", static async (CreateLocation body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var created = await sender.Send(body, cancellationToken);
            EntityTags.Write(http, 1);
            return Results.Created("/api/inventory/locations/" + created.Code, created);
        })
        .RequirePermission("inventory:write").SupportsDryRun().WithName("CreateLocation").WithSummary("Creates a location that can hold stock.")
        .Produces<LocationView>(201).ProducesProblem(400).ProducesProblem(409);
}

internal sealed class CreateLocationHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<CreateLocation, LocationView>
{
    public async Task<LocationView> Handle(CreateLocation request, CancellationToken cancellationToken)
    {
        var all = await Location.AllAsync(session.Documents, cancellationToken);
        if (all.Any(location => location.Id == request.Code))
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There is a location '{request.Code}' already. Choose another code, or use that one.");
        }

        if (all.Count >= Location.MaximumCount)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {Location.MaximumCount} locations already, and no more can be created.");
        }

        var created = request.ToContent().ApplyTo(new Location { Id = request.Code, Name = request.Name });
        session.Documents.Insert(created);
        return LocationView.Of(created);
    }
}
