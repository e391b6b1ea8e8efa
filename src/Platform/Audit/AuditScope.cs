using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Audit;

/// <summary>On whose behalf this scope works, and from where: a request, an event, a timer, a job, or the host itself.</summary>
internal sealed class AuditScope(MessageScope message)
{
    private HttpContext? _http;
    private string _place = AuditOrigin.Host.Place;
    private bool _isOfSeveral;
    private string? _sharedSubject;
    private string? _sharedCorrelationId;

    /// <summary>The hash of caller, route and key of the request, if it has one.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>What is known at this moment; credentials are checked after the request has entered.</summary>
    public AuditOrigin Origin
    {
        get
        {
            var traceId = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToString() : null;
            var origin = new AuditOrigin
            {
                Place = _place,
                Subject = message.Current.Actor,
                TraceId = traceId,
                CorrelationId = message.Current.CorrelationId ?? traceId,
                CausationId = message.Current.CausationId,
                IdempotencyKey = IdempotencyKey,
            };
            if (_isOfSeveral)
            {
                return origin with { Subject = _sharedSubject, CorrelationId = _sharedCorrelationId, CausationId = null };
            }

            return _http is null ? origin : OfRequest(origin, _http);
        }
    }

    public void Enter(HttpContext http) => _http = http;

    /// <param name="place">What sent the work: <c>subscription inventory/declare-stock</c>, say.</param>
    public void Enter(string place) => _place = place;

    /// <summary>Work that was asked for by several is done in one transaction, which is on behalf of somebody, and part of a request, only when all of it is.</summary>
    public void EnterBatch(string place, IReadOnlyCollection<EventHeaders> origins)
    {
        EnterBatch(place, origins.Select(static origin => origin.Actor));
        _sharedCorrelationId = origins.Select(static origin => origin.CorrelationId).Distinct().ToList() is [var shared] ? shared : null;
    }

    /// <summary>Several messages are handled in one transaction, which is on behalf of somebody only when all of them are.</summary>
    public void EnterBatch(string place, IEnumerable<string?> subjects)
    {
        Enter(place);
        _isOfSeveral = true;
        _sharedSubject = subjects.Distinct().ToList() is [var shared] ? shared : null;
    }

    private static AuditOrigin OfRequest(AuditOrigin origin, HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        return origin with
        {
            Place = http.Request.Method + " " + ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? http.Request.Path.Value),
            Client = http.User.FindFirst(CallerClaims.Client)?.Value,
            Session = http.User.FindFirst(CallerClaims.Session)?.Value,
            Authentication = http.User.Identity is { IsAuthenticated: true } identity ? identity.AuthenticationType : null,
            Address = (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString(),
            UserAgent = http.Request.Headers.UserAgent.Count == 0 ? null : http.Request.Headers.UserAgent.ToString(),
        };
    }
}
