using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping.Rates;

[RetryOnConflict]
internal sealed record CreateZone(string Code, ZoneContent Content) : ICommand<Versioned<ZoneView>>;

/// <summary>What is created, under a code of 1 to 50 lower-case letters, digits and hyphens, which cannot be changed.</summary>
internal sealed record CreateZoneBody(
    string Code, string Title, IReadOnlyList<Area> Areas);

internal sealed class CreateZoneValidator : AbstractValidator<CreateZone>
{
    public CreateZoneValidator()
    {
        RuleFor(command => command.Code).IsCode();
        RuleFor(command => command.Content).SetValidator(new ZoneContentValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreateZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/zones", static async (CreateZoneBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var content = new ZoneContent(body.Title, body.Areas);
            var created = await sender.Send(new CreateZone(body.Code, content), cancellationToken);
            return created.Created(http, "/api/shipping/zones/" + body.Code);
        })
        .WithName("CreateZone")
        .WithSummary("Creates a zone.")
        .Creates<ZoneView>();
}

internal sealed class CreateZoneHandler(TableDesk desk) : IRequestHandler<CreateZone, Versioned<ZoneView>>
{
    public Task<Versioned<ZoneView>> Handle(CreateZone request, CancellationToken cancellationToken) =>
        desk.CreateAsync<Zone, ZoneContent, ZoneView>(request.Code, request.Content, cancellationToken);
}
