enum CherryNetPlaceholder {}
import AsyncHTTPClient
