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
internal sealed record ChangeZone(string Code, long? ExpectedVersion, ZoneContent Content) : ICommand<Versioned<ZoneView>>;

internal sealed class ChangeZoneValidator : AbstractValidator<ChangeZone>
{
    public ChangeZoneValidator() => RuleFor(command => command.Content).SetValidator(new ZoneContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class ChangeZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/zones/{code}", static async (string code, ZoneContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new ChangeZone(code, EntityTags.RequireIfMatch(http), body), cancellationToken)).Changed(http))
        .WithName("ChangeZone")
        .WithSummary("Replaces a zone.")
        .Changes<ZoneView>();
}

internal sealed class ChangeZoneHandler(TableDesk desk) : IRequestHandler<ChangeZone, Versioned<ZoneView>>
{
    public Task<Versioned<ZoneView>> Handle(ChangeZone request, CancellationToken cancellationToken) =>
        desk.ChangeAsync<Zone, ZoneContent, ZoneView>(request.Code, request.ExpectedVersion, request.Content, cancellationToken);
}
