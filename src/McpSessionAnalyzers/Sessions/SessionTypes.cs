using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Which types are sessions, which carry one, and which are worth nothing without one.</summary>
internal sealed class SessionTypes
{
    private const int MaxNesting = 4;

    private readonly McpSymbols _symbols;
    private readonly TypeSet _asyncDisposable;
    private readonly TypeSet _disposable;
    private readonly TypeSet _dependents;
    private readonly TypeSet _builtFromTools;
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _carriers = new(SymbolEqualityComparer.Default);

    public SessionTypes(Compilation compilation, McpSymbols symbols)
    {
        _symbols = symbols;
        _asyncDisposable = TypeSet.Resolve(compilation, "System.IAsyncDisposable");
        _disposable = TypeSet.Resolve(compilation, "System.IDisposable");
        _dependents = TypeSet.Resolve(
            compilation,
            "ModelContextProtocol.Client.McpClientTool",
            "ModelContextProtocol.Client.McpClientPrompt",
            "ModelContextProtocol.Client.McpClientResource",
            "ModelContextProtocol.Client.McpClientResourceTemplate");
        _builtFromTools = TypeSet.Resolve(
            compilation,
            "Microsoft.Extensions.AI.AITool",
            "Microsoft.Extensions.AI.ChatOptions",
            "Microsoft.Agents.AI.AIAgent",
            "Microsoft.Agents.AI.AIAgentBuilder",
            "Microsoft.Agents.AI.AIContext",
            "Microsoft.Agents.AI.ChatClientAgentOptions",
            "Microsoft.SemanticKernel.IKernelBuilder",
            "Microsoft.SemanticKernel.IKernelBuilderPlugins",
            "Microsoft.SemanticKernel.Kernel",
            "Microsoft.SemanticKernel.KernelFunction",
            "Microsoft.SemanticKernel.KernelPlugin",
            "Microsoft.SemanticKernel.KernelPluginCollection",
            "Microsoft.SemanticKernel.Agents.Agent");
    }

    /// <summary>
    /// A live connection of a client to a server. Server transports implement <c>ITransport</c> too, but live in
    /// <c>ModelContextProtocol.Server</c> and are opened by nobody who calls a factory of ours.
    /// </summary>
    public bool IsSession(ITypeSymbol? type) =>
        type is not null
        && (_symbols.Clients.ContainsBaseOf(type)
            || (_symbols.SessionTransports.ContainsBaseOf(type) && !IsServerSide(type)));

    /// <summary>A type of McpSessions that opens sessions when it is used, and closes them when it is disposed.</summary>
    public bool IsSharedSession(ITypeSymbol? type) =>
        _symbols.SharedSession.ContainsBaseOf(type) || _symbols.KeyedSessions.ContainsBaseOf(type);

    /// <summary>Tools, prompts and resources: objects that call through the session which listed them.</summary>
    public bool NeedsSession(ITypeSymbol? type) => Contains(type, t => _dependents.ContainsBaseOf(t), MaxNesting);

    /// <summary>What is put together from tools and calls them later: options, agents, kernels.</summary>
    public bool IsBuiltFromTools(ITypeSymbol? type) => Contains(type, t => _builtFromTools.ContainsBaseOf(t), MaxNesting);

    /// <summary><c>IAsyncDisposable</c> or <c>IDisposable</c> itself: something to dispose, whatever it is.</summary>
    public bool IsBareDisposable(ITypeSymbol? type) => _asyncDisposable.Contains(type) || _disposable.Contains(type);

    /// <summary>What <c>clients.OfType&lt;IDisposable&gt;()</c> makes of a sequence of sessions: a rule of its own says that nothing is in it.</summary>
    public bool IsSequenceOfBareDisposables(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => IsBareDisposable(array.ElementType),
        INamedTypeSymbol { TypeArguments: { Length: 1 } element } => IsBareDisposable(element[0]),
        _ => false,
    };

    public bool IsAsyncDisposable(ITypeSymbol? type) => _asyncDisposable.ContainsBaseOf(type);

    public bool IsSyncDisposable(ITypeSymbol? type) => _disposable.ContainsBaseOf(type);

    public bool IsDisposable(ITypeSymbol? type) => _asyncDisposable.ContainsBaseOf(type) || _disposable.ContainsBaseOf(type);

    /// <summary>
    /// Whether a value of this type may hold a session: the session, a task, tuple, collection or lazy of it, a type declared in
    /// source with such a member, or the bare disposable that a session is handed out as. May, not must: tracing decides.
    /// </summary>
    public bool MayCarry(ITypeSymbol? type)
    {
        if (type is null or { TypeKind: TypeKind.Error } or { SpecialType: not SpecialType.None and not SpecialType.System_IDisposable })
        {
            return type is not null && IsSpecialCarrier(type);
        }

        return _carriers.GetOrAdd(type, t => Contains(t, IsCarrierItself, MaxNesting));
    }

    private bool IsSpecialCarrier(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsGenericType: true } generic && generic.TypeArguments.Any(MayCarry);

    private bool IsCarrierItself(ITypeSymbol type) =>
        IsSession(type)
        || IsSharedSession(type)
        || _asyncDisposable.Contains(type)
        || HasCarryingMember(type);

    private bool HasCarryingMember(ITypeSymbol type)
    {
        // Metadata types are opaque: only their type arguments can tell (List<McpClient>).
        if (type is not INamedTypeSymbol named || named.DeclaringSyntaxReferences.IsEmpty)
        {
            return false;
        }

        for (var current = named; current is { DeclaringSyntaxReferences.IsEmpty: false }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IFieldSymbol { IsStatic: false } field
                    && Contains(field.Type, t => IsSession(t) || IsSharedSession(t), MaxNesting - 1))
                {
                    return true;
                }

                // A property without a field of its own may still forward to one of another part of the object.
                if (member is IPropertySymbol { IsStatic: false } property && IsSession(property.Type))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Contains(ITypeSymbol? type, Func<ITypeSymbol, bool> predicate, int nesting)
    {
        if (type is null || nesting < 0)
        {
            return false;
        }

        if (predicate(type))
        {
            return true;
        }

        return type switch
        {
            IArrayTypeSymbol array => Contains(array.ElementType, predicate, nesting - 1),
            INamedTypeSymbol { IsGenericType: true, TypeKind: not TypeKind.Delegate } generic =>
                generic.TypeArguments.Any(argument => Contains(argument, predicate, nesting - 1))
                // Dictionary<,>.ValueCollection has the arguments of the type around it.
                || (generic.TypeArguments.IsEmpty && Contains(generic.ContainingType, predicate, nesting - 1)),
            _ => false,
        };
    }

    private static bool IsServerSide(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.ContainingNamespace is { Name: "Server", ContainingNamespace: { Name: "ModelContextProtocol", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }
}
