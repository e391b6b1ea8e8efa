using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Tracking;

/// <summary>What a carrier reports of its own accord.</summary>
/// <param name="EventId">The carrier's id of the report; one effect for each.</param>
/// <param name="TrackingNumber">The carrier's number of the shipment.</param>
/// <param name="Status">Where it is.</param>
/// <param name="OccurredAt">Since when.</param>
/// <param name="Place">Where, in words.</param>
[RetryOnConflict]
internal sealed record ReceiveCarrierEvent(string EventId, string TrackingNumber, TrackingStatus Status, DateTimeOffset OccurredAt, string? Place = null) : ICommand;

internal sealed class ReceiveCarrierEventValidator : AbstractValidator<ReceiveCarrierEvent>
{
    public ReceiveCarrierEventValidator(TimeProvider time)
    {
        RuleFor(command => command.EventId).NotEmpty().MaximumLength(TrackingRules.LongestEventId).NoNul();
        RuleFor(command => command.TrackingNumber).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(command => command.Status).IsInEnum();
        RuleFor(command => command.OccurredAt).HasHappened(time);
        RuleFor(command => command.Place).MaximumLength(TrackingRules.LongestPlace).NoNul();
    }
}

internal sealed class ReceiveCarrierEventEndpoint : ICarterModule
{
    private const int BodyLimit = 16 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/carrier-events", static async (HttpRequest request, CarrierSignature signature, ISender sender, CancellationToken cancellationToken) =>
        {
            // The bytes that were signed, before anything reads them.
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            signature.Verify(request.Headers["Carrier-Signature"].ToString(), body.ToArray());
            await sender.Send(CarrierEventJson.Read(body.ToArray()), cancellationToken);
            return Results.NoContent();
        })
        .AllowAnonymous()
        .ChecksCredentialsItself()
        .WithMetadata(new RequestSizeLimitAttribute(BodyLimit))
        .Accepts<ReceiveCarrierEvent>("application/json")
        .WithName("ReceiveCarrierEvent")
        .WithSummary("Takes a report of the carrier's on a shipment.")
        .WithDescription("Carrier-Signature is t=<seconds since 1970>,v1=<hex>, the HMAC-SHA256 of <t>.<body> under the secret shipping:CarrierSecret. The same report twice has one effect.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
}

internal sealed class ReceiveCarrierEventHandler(IModuleSession<IShippingStore> session, FulfilmentDesk desk) : IRequestHandler<ReceiveCarrierEvent, Unit>
{
    public async Task<Unit> Handle(ReceiveCarrierEvent request, CancellationToken cancellationToken)
    {
        var entry = await session.Documents.Query<ShipmentEntry>().FirstOrDefaultAsync(entry => entry.TrackingNumber == request.TrackingNumber, cancellationToken)
            ?? throw ProblemException.NotFound("shipment with the tracking number", request.TrackingNumber);
        var open = await desk.FindAsync(entry.OrderId, entry.Id, cancellationToken) ?? throw ProblemException.NotFound("shipment", entry.Id);
        desk.Track(open, request.Status, request.OccurredAt.ToUniversalTime(), request.EventId, request.Place);
        return Unit.Value;
    }
}

/// <summary>The carrier's JSON: what it adds of its own is passed over.</summary>
internal static class CarrierEventJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="ProblemException">400 when it is no report.</exception>
    public static ReceiveCarrierEvent Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<ReceiveCarrierEvent>(body, Options) ?? throw Malformed(null);
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    private static ProblemException Malformed(Exception? cause) =>
        new(ProblemTypes.MalformedRequest, "The body is no report: it has eventId, trackingNumber, status and occurredAt.", cause);
}

/// <summary>Whether a message comes from the carrier: HMAC-SHA256 (RFC 2104) over its time and its body, so that it can be neither changed nor sent again later.</summary>
internal sealed class CarrierSignature(ShippingSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <exception cref="ProblemException">400 when the signature does not hold.</exception>
    public void Verify(string header, byte[] body)
    {
        var parts = header.Split(',', 3);
        if (settings.CarrierSecret is { } secret
            && parts is [['t', '=', .. var seconds], ['v', '1', '=', .. var signature]]
            && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)
            && (time.GetUtcNow().ToUnixTimeSeconds() - sent) is var age && Math.Abs(age) <= Tolerance.TotalSeconds
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Of(secret, sent, body))))
        {
            return;
        }

        throw new ProblemException(ShippingProblems.CarrierSignature, "The header Carrier-Signature is missing, too old, or not made with the secret that was agreed upon for this body.");
    }

    /// <summary>The signature of a message, in hexadecimal digits.</summary>
    public static string Of(byte[] secret, long seconds, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(secret, (byte[])[.. Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture) + "."), .. body]));
}
