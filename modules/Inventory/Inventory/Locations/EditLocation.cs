using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Locations;

/// <summary>Replaces what people say about a location. Its stock stays; hosts take orders from another place within a second.</summary>
[RetryOnConflict]
internal sealed record EditLocation(string Code, long? ExpectedVersion, LocationContent Content) : ICommand<Versioned<LocationView>>;

internal sealed class EditLocationValidator : AbstractValidator<EditLocation>
{
    public EditLocationValidator() => RuleFor(command => command.Content).SetValidator(new LocationContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class EditLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/locations/{code}", static async (string code, LocationContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var edited = await sender.Send(new EditLocation(code, EntityTags.RequireIfMatch(http), body), cancellationToken);
            EntityTags.Write(http, edited.Version);
            return Results.Ok(edited.View);
        })
        .RequirePermission("inventory:write").SupportsDryRun().WithName("EditLocation")
        .WithSummary("Replaces a location's name, place and priority, and says whether orders are taken from it.")
        .WithDescription("Needs the location's ETag in If-Match.")
        .Produces<LocationView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class EditLocationHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<EditLocation, Versioned<LocationView>>
{
    public async Task<Versioned<LocationView>> Handle(EditLocation request, CancellationToken cancellationToken)
    {
        var stored = await session.Documents.LoadAsync<Location>(request.Code, cancellationToken);
        var before = stored ?? (request.Code == Location.DefaultCode ? Location.Default : throw ProblemException.NotFound("location", request.Code));
        EntityTags.Check(request.ExpectedVersion, before.Revision);
        var after = request.Content.ApplyTo(before);
        if (stored is null)
        {
            session.Documents.Insert(after);
        }
        else
        {
            session.Documents.Update(after);
        }

        return new Versioned<LocationView>(LocationView.Of(after), after.Revision);
    }
}
