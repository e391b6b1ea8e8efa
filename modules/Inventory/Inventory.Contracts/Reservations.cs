using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Inventory.Contracts;

/// <summary>A quantity of one SKU.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="Quantity">1 or more.</param>
public sealed record StockLine(string Sku, int Quantity);

/// <summary>
/// Reserves stock for all lines or for none. Repeating it with the same id answers the same and reserves nothing more.
/// The reservation ends by itself at <paramref name="ExpiresAt"/>.
/// </summary>
/// <param name="ReservationId">Chosen by the caller.</param>
/// <param name="Lines">1 to 200 lines, each SKU once.</param>
/// <param name="ExpiresAt">When the stock comes back unless the reservation was consumed; at most 24 hours from now.</param>
/// <param name="Destination">Where the goods go, so that they can be taken from near there; null while unknown.</param>
[RetryOnConflict(Attempts = 10)]
public sealed record ReserveStock(Guid ReservationId, IReadOnlyList<StockLine> Lines, DateTimeOffset ExpiresAt, StockDestination? Destination = null) : ICommand<StockReservation>;

/// <summary>Where goods go.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">The second part of an ISO 3166-2 code, where there is one.</param>
/// <param name="PostalCode">As written.</param>
/// <param name="Latitude">Degrees north, with the longitude or not at all.</param>
/// <param name="Longitude">Degrees east.</param>
public sealed record StockDestination(string Country, string? Region = null, string? PostalCode = null, double? Latitude = null, double? Longitude = null);

/// <summary>The answer to <see cref="ReserveStock"/>.</summary>
/// <param name="IsReserved">Whether all lines are reserved.</param>
/// <param name="Short">The lines that were not available, when nothing was reserved.</param>
public sealed record StockReservation(bool IsReserved, IReadOnlyList<ShortLine> Short);

/// <summary>A line that cannot be reserved.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="Requested">How many were asked for.</param>
/// <param name="Available">How many can be ordered.</param>
public sealed record ShortLine(string Sku, int Requested, int Available);

/// <summary>
/// The goods of a reservation go elsewhere than was known before: they are reserved where they would be taken from now. When that cannot be, or makes no difference, what is reserved
/// stays as it is; it is never lost. Answers whether anything has changed.
/// </summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="From">Where they were to go before; null when it was unknown.</param>
/// <param name="To">Where they go.</param>
[RetryOnConflict(Attempts = 10)]
public sealed record RedirectReservation(Guid ReservationId, StockDestination? From, StockDestination To) : ICommand<bool>;

/// <summary>Keeps a reservation alive until a later time, so that it cannot expire while its order is being written. Answers false when it is gone.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="ExpiresAt">The new end; an earlier one than the present end changes nothing.</param>
[RetryOnConflict(Attempts = 10)]
public sealed record ExtendReservation(Guid ReservationId, DateTimeOffset ExpiresAt) : ICommand<bool>;

/// <summary>Gives reserved stock back before it expires. Does nothing when the reservation is gone or consumed.</summary>
/// <param name="ReservationId">The reservation.</param>
[RetryOnConflict(Attempts = 10)]
public sealed record ReleaseReservation(Guid ReservationId) : ICommand<bool>;
